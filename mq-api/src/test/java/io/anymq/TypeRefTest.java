package io.anymq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypeRefTest {
    @Test
    void keepsTheTypeArgumentsAndTheRawClass() {
        TypeRef<Map<String, List<Integer>>> ref = new TypeRef<>() {};

        assertThat(ref.rawType()).isEqualTo(Map.class);
        assertThat(((ParameterizedType) ref.type()).getActualTypeArguments()[0]).isEqualTo(String.class);
        assertThat(ref).hasToString("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>");
    }

    @Test
    void aClassIsATypeWithoutArguments() {
        assertThat(TypeRef.of(String.class).type()).isEqualTo(String.class);
        assertThat(TypeRef.of(String.class).rawType()).isEqualTo(String.class);
        assertThat(TypeRef.of(String.class)).isEqualTo(new TypeRef<String>() {}).isNotEqualTo(TypeRef.of(Object.class));
    }

    @Test
    void referencesToTheSameTypeAreEqual() {
        TypeRef<List<String>> one = new TypeRef<>() {};
        TypeRef<List<String>> same = new TypeRef<>() {};
        TypeRef<List<Integer>> other = new TypeRef<>() {};

        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
    }

    @Test
    void arraysOfGenericTypesHaveAnArrayClass() {
        assertThat(new TypeRef<List<String>[]>() {}.rawType()).isEqualTo(List[].class);
        assertThat(new TypeRef<List<? extends Number>>() {}.rawType()).isEqualTo(List.class);
    }

    @SuppressWarnings("unused") // for its parameters
    private static <E> void parameters(List<String> list, String plain, List<E> variable) {}

    @Test
    void aTypeFoundByReflectionEqualsTheOneInCode() throws Exception {
        Type[] types = TypeRefTest.class
                .getDeclaredMethod("parameters", List.class, String.class, List.class)
                .getGenericParameterTypes();

        assertThat(TypeRef.ofType(types[0])).isEqualTo(new TypeRef<List<String>>() {});
        assertThat(TypeRef.ofType(types[1])).isEqualTo(TypeRef.of(String.class));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeRef.ofType(types[2]))
                .withMessageContaining("type variable E");
        Type wildcard =
                ((ParameterizedType) new TypeRef<List<? extends Number>>() {}.type()).getActualTypeArguments()[0];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeRef.ofType(wildcard))
                .withMessageContaining("wildcard");
    }

    @Test
    void aTypeVariableIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(TypeRefTest::<String>ofVariable)
                .withMessageContaining("type variable");
    }

    private static <E> TypeRef<List<E>> ofVariable() {
        return new TypeRef<>() {};
    }

    @Test
    @SuppressWarnings({"rawtypes", "unchecked"})
    void aMissingTypeArgumentIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TypeRef() {})
                .withMessageContaining("must name its type");
    }
}
