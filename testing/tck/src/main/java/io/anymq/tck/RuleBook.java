package io.anymq.tck;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All rules the kit verifies, in the order of the specification. */
final class RuleBook {
    /** One class per group of the specification. */
    private static final List<Class<?>> GROUPS = List.of(
            ModelRules.class,
            NameRules.class,
            SendingRules.class,
            OrderingRules.class,
            RetryRules.class,
            RetryWaitRules.class,
            DeadLetterRules.class,
            RedriveRules.class,
            DeskRules.class,
            MalformedRules.class,
            ForeignRules.class,
            IdempotencyRules.class,
            DelayRules.class,
            ChainingRules.class,
            LifecycleRules.class,
            LeftoverRules.class,
            ThreadRules.class,
            ForcedCloseRules.class,
            FlowRules.class,
            LimitRules.class,
            ConfigurationRules.class,
            CapabilityRules.class,
            HealthRules.class,
            HookRules.class,
            CodecRules.class,
            RecoveryRules.class,
            CrashRules.class,
            NetworkRules.class);

    private RuleBook() {}

    static List<RuleCase> cases(Specification specification) {
        Map<String, Integer> places = new HashMap<>();
        for (Specification.Entry entry : specification.entries()) {
            places.put(entry.id(), places.size());
        }
        List<RuleCase> cases = new ArrayList<>();
        for (Class<?> group : GROUPS) {
            for (Method method : group.getDeclaredMethods()) {
                Rule rule = method.getAnnotation(Rule.class);
                if (rule != null) {
                    Specification.Entry entry = specification
                            .entry(rule.id())
                            .orElseThrow(() -> new IllegalStateException(
                                    method + " verifies " + rule.id() + ", which the specification does not have"));
                    cases.add(new RuleCase(rule, method, entry));
                }
            }
        }
        cases.sort(Comparator.comparing(rule -> places.getOrDefault(rule.id(), Integer.MAX_VALUE)));
        return cases;
    }
}
