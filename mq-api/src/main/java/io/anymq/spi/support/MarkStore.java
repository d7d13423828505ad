package io.anymq.spi.support;

import io.anymq.API;
import java.util.List;
import java.util.Map;

/** Where owners of partitions leave their marks, beside or together with the committed offset. */
@API(API.Status.EXPERIMENTAL)
public interface MarkStore<L> {
    /**
     * Reads the marks of the previous owners; no entry where there is none.
     *
     * @throws io.anymq.MessagingException if the broker does not say
     */
    Map<L, OwnerMark> read(List<L> lanes);

    /**
     * One more than the last offset of each.
     *
     * @throws io.anymq.MessagingException if the broker does not say
     */
    Map<L, Long> ends(List<L> lanes);

    /**
     * Writes all of them, durably, before it returns; false when the lanes are about to be taken away.
     *
     * @throws io.anymq.MessagingException if it is not known to be written
     */
    boolean write(Map<L, OwnerMark> marks);
}
