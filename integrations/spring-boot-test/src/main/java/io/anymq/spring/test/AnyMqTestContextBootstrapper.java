package io.anymq.spring.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** For {@link AnyMqTest}. */
final class AnyMqTestContextBootstrapper extends TestSliceTestContextBootstrapper<AnyMqTest> {}
