package io.anymq.simulation.instrument;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A defect that is put into a class of the engine while it is loaded, to see whether the simulation finds it.
 *
 * @param kind what is wrong
 * @param className the class, such as {@code io.anymq.internal.Example}
 * @param method its method, whichever overloads it has; of lambdas, all that stand in it
 */
public record EngineFlaw(Kind kind, String className, String method) {
    /** What can be wrong. */
    public enum Kind {
        /** {@code catch (Throwable e)} catches only {@code RuntimeException}. */
        CATCHES_ONLY_RUNTIME,
        /** {@code catch (Throwable e)} catches only {@code Exception}. */
        CATCHES_NO_ERROR,
        /** {@code executor.execute(task)} runs the task on the calling thread. */
        RUNS_AT_ONCE,
        /** A result of a method that says yes or no is always no. */
        SAYS_NO
    }

    private static final String THROWABLE = "java/lang/Throwable";
    private static final Set<EngineFlaw> APPLIED = ConcurrentHashMap.newKeySet();

    /** Whether any copy of the engine in this JVM has had this flaw: otherwise it changes nothing. */
    public boolean isApplied() {
        return APPLIED.contains(this);
    }

    boolean isIn(String name) {
        return className.equals(name);
    }

    ClassVisitor putInto(ClassVisitor next) {
        return new ClassVisitor(Opcodes.ASM9, next) {
            @Override
            public MethodVisitor visitMethod(
                    int access, String name, String type, @Nullable String signature, String @Nullable [] exceptions) {
                MethodVisitor original = super.visitMethod(access, name, type, signature, exceptions);
                boolean meant = name.equals(method) || name.startsWith("lambda$" + method + "$");
                return meant ? new Flawed(original, type) : original;
            }
        };
    }

    private final class Flawed extends MethodVisitor {
        private final String type;

        Flawed(MethodVisitor next, String type) {
            super(Opcodes.ASM9, next);
            this.type = type;
        }

        @Override
        public void visitTryCatchBlock(Label start, Label end, Label handler, @Nullable String caught) {
            String narrower =
                    switch (kind) {
                        case CATCHES_ONLY_RUNTIME -> "java/lang/RuntimeException";
                        case CATCHES_NO_ERROR -> "java/lang/Exception";
                        default -> THROWABLE;
                    };
            boolean narrows = THROWABLE.equals(caught) && !narrower.equals(THROWABLE);
            if (narrows) {
                APPLIED.add(EngineFlaw.this);
            }
            super.visitTryCatchBlock(start, end, handler, narrows ? narrower : caught);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String called, boolean isInterface) {
            if (kind == Kind.RUNS_AT_ONCE && name.equals("execute") && called.equals("(Ljava/lang/Runnable;)V")) {
                APPLIED.add(EngineFlaw.this);
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC,
                        Redirects.CONTROLLED,
                        "runAtOnce",
                        "(Ljava/util/concurrent/Executor;Ljava/lang/Runnable;)V",
                        false);
            } else {
                super.visitMethodInsn(opcode, owner, name, called, isInterface);
            }
        }

        @Override
        public void visitInsn(int opcode) {
            if (kind == Kind.SAYS_NO && opcode == Opcodes.IRETURN && type.endsWith(")Z")) {
                APPLIED.add(EngineFlaw.this);
                super.visitInsn(Opcodes.POP);
                super.visitInsn(Opcodes.ICONST_0);
            }
            super.visitInsn(opcode);
        }
    }
}
