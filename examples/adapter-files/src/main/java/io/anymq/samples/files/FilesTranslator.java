package io.anymq.samples.files;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Translates errors of the file system. */
final class FilesTranslator {
    private FilesTranslator() {}

    /** An operation on the disk. */
    interface Access<T> {
        T get() throws IOException;
    }

    static <T> T get(String action, Access<T> access) {
        try {
            return access.get();
        } catch (IOException e) {
            throw error(action, e);
        }
    }

    static MessagingException error(String action, IOException e) {
        if (e instanceof AccessDeniedException) {
            return new MessagingException(
                    ErrorCode.AUTHORIZATION,
                    action + " failed: no permission for " + e.getMessage() + "; give this user read and write access",
                    false,
                    e);
        }
        if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            return new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    action + " failed: " + e.getMessage() + " is gone; was the folder moved or unmounted?",
                    true,
                    e);
        }
        String reason = e instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : String.valueOf(e.getMessage());
        return new MessagingException(
                ErrorCode.UNAVAILABLE, action + " failed: " + reason + "; is the disk full or gone?", true, e);
    }
}
