package io.anymq.examples;

/** The examples on the embedded broker. */
class InMemoryExamplesTest extends ExamplesTck {
    @Override
    String url() {
        return "inmemory:";
    }
}
