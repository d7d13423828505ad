package io.anymq.bench.result;

import java.util.Map;

/** The machine and the software that measured; names and figures only, nothing that identifies a person or a host. */
public record Environment(
        String measuredAt,
        String os,
        String architecture,
        String cpuModel,
        int processors,
        long memoryBytes,
        String java,
        String jvm,
        String virtualization,
        String childJvmFlags,
        Map<String, String> versions) {}
