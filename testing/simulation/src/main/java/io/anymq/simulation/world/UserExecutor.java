package io.anymq.simulation.world;

import io.anymq.simulation.plan.UserFault;
import io.anymq.simulation.plan.UserFault.Place;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The application's own executor for handlers: a thread for each task, while it behaves. */
final class UserExecutor implements Executor {
    private final UserCode code;
    private final String name;

    UserExecutor(UserCode code, String name) {
        this.code = code;
        this.name = name;
    }

    @Override
    public void execute(Runnable task) {
        code.requireMayBlock(Place.EXECUTOR);
        UserFault fault = code.strike(Place.EXECUTOR);
        if (fault == null) {
            start(task);
            return;
        }
        switch (fault.kind()) {
            case REJECT -> throw new RejectedExecutionException("rejected on purpose by the simulation");
            case RUN_AND_THROW -> {
                start(task);
                Thrown.sneakily(new Thrown.Checked());
            }
            case INLINE -> task.run();
            default -> {
                code.commit(fault);
                start(task);
            }
        }
    }

    private void start(Runnable task) {
        new Thread(task, "user-" + name).start();
    }
}
