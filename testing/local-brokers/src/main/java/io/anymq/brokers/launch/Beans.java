package io.anymq.brokers.launch;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;

/** Builds and configures a server's objects by name, because this module is compiled without any server. */
final class Beans {
    private Beans() {}

    /** A new instance of the named class; arguments are matched by their number. */
    static Object create(String type, Object... arguments) throws ReflectiveOperationException {
        return Arrays.stream(Class.forName(type).getConstructors())
                .filter(constructor -> constructor.getParameterCount() == arguments.length)
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException(type + " with " + arguments.length + " arguments"))
                .newInstance(arguments);
    }

    /** Calls the public method of this name that takes these arguments. */
    static Object call(Object target, String name, Object... arguments) throws ReflectiveOperationException {
        for (Method method : target.getClass().getMethods()) {
            if (method.getName().equals(name) && takes(method, arguments)) {
                return method.invoke(target, arguments);
            }
        }
        throw new NoSuchMethodException(target.getClass().getName() + "." + name);
    }

    private static boolean takes(Method method, Object... arguments) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            boolean primitive = types[i].isPrimitive() && arguments[i] != null;
            if (!primitive && arguments[i] != null && !types[i].isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    /** Sets {@code systemUsage.storeUsage.limit} and the like from text, through getters and one setter. */
    static void set(Object target, String path, String value) throws ReflectiveOperationException {
        Object owner = target;
        String[] names = path.split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            owner = call(owner, "get" + capital(names[i]));
        }
        String setter = "set" + capital(names[names.length - 1]);
        for (Method method : owner.getClass().getMethods()) {
            if (method.getName().equals(setter) && method.getParameterCount() == 1) {
                Class<?> type = method.getParameterTypes()[0];
                if (type == String.class || type.isPrimitive()) {
                    method.invoke(owner, converted(type, value));
                    return;
                }
            }
        }
        throw new NoSuchMethodException("the server has no setting " + path);
    }

    private static Object converted(Class<?> type, String value) {
        if (type == boolean.class) {
            return Boolean.valueOf(value);
        }
        if (type == int.class) {
            return Integer.valueOf(value);
        }
        if (type == long.class) {
            return Long.valueOf(value);
        }
        return value;
    }

    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
