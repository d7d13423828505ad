package io.anymq.simulation.instrument;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Rewrites one class: see {@link Redirects}; monitors become the scheduler's. */
final class Rewriter extends ClassVisitor {
    private static final String OBJECT_TO_NOTHING = "(Ljava/lang/Object;)V";
    private static final String SUFFIX = "$synchronized";

    private final ClassBytes classes;
    private String name = "";

    private Rewriter(ClassVisitor next, ClassBytes classes) {
        super(Opcodes.ASM9, next);
        this.classes = classes;
    }

    /** {@code flaw}: a defect to put in, or null. */
    static byte[] rewrite(byte[] original, ClassBytes classes, @Nullable EngineFlaw flaw) {
        ClassReader reader = new ClassReader(original);
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        ClassVisitor rewriter = new Rewriter(writer, classes);
        reader.accept(flaw == null ? rewriter : flaw.putInto(rewriter), ClassReader.EXPAND_FRAMES);
        return writer.toByteArray();
    }

    @Override
    public void visit(
            int version,
            int access,
            String className,
            @Nullable String signature,
            @Nullable String parent,
            String @Nullable [] interfaces) {
        name = className;
        super.visit(version, access, className, signature, parent, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String method, String type, @Nullable String signature, String @Nullable [] exceptions) {
        boolean isSynchronized = (access & Opcodes.ACC_SYNCHRONIZED) != 0;
        if (!isSynchronized) {
            return new Body(super.visitMethod(access, method, type, signature, exceptions), method);
        }
        int open = access & ~Opcodes.ACC_SYNCHRONIZED;
        lockAround(super.visitMethod(open, method, type, signature, exceptions), access, method, type);
        int hidden = (access & Opcodes.ACC_STATIC) | Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC;
        return new Body(super.visitMethod(hidden, method + SUFFIX, type, signature, exceptions), method);
    }

    /** {@code enter; try { the original } finally { exit }}. */
    private void lockAround(MethodVisitor code, int access, String method, String type) {
        boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
        Type[] parameters = Type.getArgumentTypes(type);
        Object[] locals = new Object[parameters.length + (isStatic ? 0 : 1)];
        int at = 0;
        if (!isStatic) {
            locals[at++] = name;
        }
        for (Type parameter : parameters) {
            locals[at++] = frameType(parameter);
        }
        Label begin = new Label();
        Label end = new Label();
        Label handler = new Label();
        code.visitCode();
        code.visitTryCatchBlock(begin, end, handler, null);
        pushMonitor(code, isStatic);
        call(code, "enter", OBJECT_TO_NOTHING);
        code.visitLabel(begin);
        int slot = 0;
        if (!isStatic) {
            code.visitVarInsn(Opcodes.ALOAD, slot++);
        }
        for (Type parameter : parameters) {
            code.visitVarInsn(parameter.getOpcode(Opcodes.ILOAD), slot);
            slot += parameter.getSize();
        }
        code.visitMethodInsn(
                isStatic ? Opcodes.INVOKESTATIC : Opcodes.INVOKESPECIAL, name, method + SUFFIX, type, false);
        code.visitLabel(end);
        pushMonitor(code, isStatic);
        call(code, "exit", OBJECT_TO_NOTHING);
        code.visitInsn(Type.getReturnType(type).getOpcode(Opcodes.IRETURN));
        code.visitLabel(handler);
        code.visitFrame(Opcodes.F_NEW, locals.length, locals, 1, new Object[] {"java/lang/Throwable"});
        pushMonitor(code, isStatic);
        call(code, "exit", OBJECT_TO_NOTHING);
        code.visitInsn(Opcodes.ATHROW);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }

    private void pushMonitor(MethodVisitor code, boolean isStatic) {
        if (isStatic) {
            code.visitLdcInsn(Type.getObjectType(name));
        } else {
            code.visitVarInsn(Opcodes.ALOAD, 0);
        }
    }

    private static Object frameType(Type type) {
        return switch (type.getSort()) {
            case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> Opcodes.INTEGER;
            case Type.LONG -> Opcodes.LONG;
            case Type.FLOAT -> Opcodes.FLOAT;
            case Type.DOUBLE -> Opcodes.DOUBLE;
            default -> type.getInternalName();
        };
    }

    private static void call(MethodVisitor code, String method, String type) {
        code.visitMethodInsn(Opcodes.INVOKESTATIC, Redirects.CONTROLLED, method, type, false);
    }

    private final class Body extends MethodVisitor {
        private final boolean initializer;

        Body(MethodVisitor next, String method) {
            super(Opcodes.ASM9, next);
            this.initializer = method.equals("<clinit>");
        }

        @Override
        public void visitCode() {
            super.visitCode();
            if (initializer) {
                call(mv, "beginQuiet", "()V");
            }
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.MONITORENTER) {
                call(mv, "enter", OBJECT_TO_NOTHING);
            } else if (opcode == Opcodes.MONITOREXIT) {
                call(mv, "exit", OBJECT_TO_NOTHING);
            } else {
                if (initializer && opcode == Opcodes.RETURN) {
                    call(mv, "endQuiet", "()V");
                }
                super.visitInsn(opcode);
            }
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            super.visitTypeInsn(opcode, opcode == Opcodes.NEW ? Redirects.REPLACED.getOrDefault(type, type) : type);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String type) {
            if (classes.isVolatile(owner, field)) {
                call(mv, "point", "()V");
            }
            super.visitFieldInsn(opcode, owner, field, type);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String method, String type, boolean isInterface) {
            if (opcode == Opcodes.INVOKESPECIAL && method.equals("<init>")) {
                if (Redirects.isUnknown(owner, method, type)) {
                    unknown(owner, method);
                }
                super.visitMethodInsn(opcode, Redirects.REPLACED.getOrDefault(owner, owner), method, type, isInterface);
                return;
            }
            if (opcode == Opcodes.INVOKESPECIAL && isWait(owner, method, type)) {
                // a future of the engine's own, whose methods say that a thread waits
                super.visitVarInsn(Opcodes.ALOAD, 0);
                call(mv, "awaitDone", "(Ljava/util/concurrent/CompletableFuture;)V");
                super.visitMethodInsn(opcode, owner, method, type, isInterface);
                return;
            }
            String actual = opcode == Opcodes.INVOKESPECIAL ? owner : classes.foreignAncestor(owner);
            String target = Redirects.target(actual, method, type);
            if (target != null && opcode != Opcodes.INVOKESPECIAL) {
                int at = target.indexOf('(');
                call(mv, target.substring(0, at), target.substring(at));
                return;
            }
            if (Redirects.isUnknown(actual, method, type)) {
                unknown(actual, method);
            } else if (Redirects.isShared(actual)) {
                call(mv, "point", "()V");
            }
            super.visitMethodInsn(opcode, owner, method, type, isInterface);
        }

        @Override
        public void visitInvokeDynamicInsn(String method, String type, Handle bootstrap, Object... arguments) {
            Object[] redirected = new Object[arguments.length];
            for (int i = 0; i < arguments.length; i++) {
                redirected[i] = arguments[i] instanceof Handle handle ? redirect(handle) : arguments[i];
            }
            super.visitInvokeDynamicInsn(method, type, bootstrap, redirected);
        }

        private boolean isWait(String owner, String method, String type) {
            return owner.equals("java/util/concurrent/CompletableFuture")
                    && method.equals("join")
                    && type.startsWith("()");
        }

        /** A method reference is a call, too. */
        private Handle redirect(Handle handle) {
            String owner = handle.getOwner();
            if (handle.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
                return new Handle(
                        handle.getTag(),
                        Redirects.REPLACED.getOrDefault(owner, owner),
                        handle.getName(),
                        handle.getDesc(),
                        false);
            }
            if (handle.getTag() < Opcodes.H_INVOKEVIRTUAL) {
                return handle;
            }
            String target = Redirects.target(classes.foreignAncestor(owner), handle.getName(), handle.getDesc());
            if (target == null) {
                return handle;
            }
            int at = target.indexOf('(');
            return new Handle(
                    Opcodes.H_INVOKESTATIC, Redirects.CONTROLLED, target.substring(0, at), target.substring(at), false);
        }

        /** Fails when it is reached, not before: much is loaded that a simulation never comes to. */
        private void unknown(String owner, String method) {
            super.visitLdcInsn(owner.replace('/', '.') + "." + method + ", called by " + name.replace('/', '.'));
            call(mv, "unknown", "(Ljava/lang/String;)V");
        }
    }
}
