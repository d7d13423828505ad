package io.anymq.spring.listener;

import io.anymq.ConfigurationException;
import io.anymq.MessagingClient;
import io.anymq.spring.AnyMqListenerContainer;
import io.anymq.spring.AnyMqListenerRegistry;
import io.anymq.spring.client.Reconnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The listeners of one application context. It starts them when all beans are there, after everything else, and stops
 * them before everything else, so that handlers drain while data sources are open.
 */
public final class ListenerRegistry
        implements AnyMqListenerRegistry, SmartInitializingSingleton, SmartLifecycle, AutoCloseable {
    /** With the listeners of other technologies: after web servers start, and before they stop. */
    public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 100;

    /** They are there while a call over HTTP is handled. */
    private static final Set<String> SCOPES_WITHOUT_MESSAGES = Set.of("request", "session");

    private final ConfigurableListableBeanFactory beans;
    private final ListenerBeanPostProcessor methods;
    private final MessagingClient client;
    private final ListenerDefaults defaults;
    private final Reconnection reconnection = new Reconnection();
    private final SortedMap<String, AnyMqListenerContainer> containers = new ConcurrentSkipListMap<>();
    private final Map<String, String> owners = new HashMap<>();
    private volatile boolean running;

    /** Makes an empty registry; the methods come when all beans are there. */
    public ListenerRegistry(
            ConfigurableListableBeanFactory beans,
            ListenerBeanPostProcessor methods,
            MessagingClient client,
            ListenerDefaults defaults) {
        this.beans = beans;
        this.methods = methods;
        this.client = client;
        this.defaults = defaults;
    }

    /** Throws {@link ConfigurationException} with what is wrong with any of them; nothing has started by then. */
    @Override
    public void afterSingletonsInstantiated() {
        List<String> problems = new ArrayList<>();
        lookAtScopes(problems);
        for (ListenerMethod method : methods.take(this::addLate)) {
            add(method, problems);
        }
        refuse(problems);
    }

    /** Nothing else may ask for a bean behind a proxy of its scope, whose listener is found when the proxy is made. */
    private void lookAtScopes(List<String> problems) {
        for (String name : beans.getBeanDefinitionNames()) {
            BeanDefinition definition = beans.getMergedBeanDefinition(name);
            if (definition.isSingleton() || definition.isAbstract()) {
                continue;
            }
            Class<?> type = beans.getType(name, false);
            if (type == null || ListenerBeanPostProcessor.methodsOf(type).isEmpty()) {
                continue;
            }
            String scope = String.valueOf(definition.getScope());
            if (!ScopedProxyUtils.isScopedTarget(name) || SCOPES_WITHOUT_MESSAGES.contains(scope)) {
                problems.add("@AnyMqListener in the bean '" + name.replace("scopedTarget.", "") + "' (" + type.getName()
                        + ") cannot belong to the scope '" + scope
                        + "', because messages come whether there is such a bean or not; make the bean a singleton");
            } else {
                beans.getBean(ScopedProxyUtils.getOriginalBeanName(name));
            }
        }
    }

    /** The listener of a bean that was made later, which starts at once if the others run. */
    private void addLate(ListenerMethod method) {
        List<String> problems = new ArrayList<>();
        ListenerContainer added = add(method, problems);
        refuse(problems);
        if (added != null && running && added.autoStartup()) {
            added.start();
        }
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private synchronized @Nullable ListenerContainer add(ListenerMethod method, List<String> problems) {
        Listener listener = new ListenerReader(beans, method, defaults).read(problems);
        if (listener == null) {
            return null;
        }
        String other = owners.putIfAbsent(listener.id(), method.describe());
        if (other != null) {
            problems.add("@AnyMqListener " + method.describe() + " has the id '" + listener.id() + "', which " + other
                    + " has, too; give one of them another id");
            return null;
        }
        ListenerContainer container = new ListenerContainer(listener, client, reconnection);
        containers.put(listener.id(), container);
        return container;
    }

    @Override
    public Collection<AnyMqListenerContainer> listeners() {
        return List.copyOf(containers.values());
    }

    @Override
    public Optional<AnyMqListenerContainer> listener(String id) {
        return Optional.ofNullable(containers.get(id));
    }

    @Override
    public void start() {
        running = true;
        for (AnyMqListenerContainer container : listeners()) {
            if (((ListenerContainer) container).autoStartup()) {
                container.start();
            }
        }
    }

    @Override
    public void stop() {
        running = false;
        Duration timeout = defaults.drainTimeout();
        // all at once, so that the slowest handler alone decides how long it takes
        List<Thread> closing = new ArrayList<>();
        for (AnyMqListenerContainer container : listeners()) {
            Thread thread =
                    new Thread(() -> ((ListenerContainer) container).stop(timeout), "anymq-stop-" + container.id());
            closing.add(thread);
            thread.start();
        }
        for (Thread thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void stop(Runnable callback) {
        Thread stopping = new Thread(
                () -> {
                    try {
                        stop();
                    } finally {
                        callback.run();
                    }
                },
                "anymq-stop");
        stopping.start();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void close() {
        reconnection.close();
    }
}
