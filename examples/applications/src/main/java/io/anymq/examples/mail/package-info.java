/** Mails, sent by SMTP to a server on this computer. */
@NullMarked
package io.anymq.examples.mail;

import org.jspecify.annotations.NullMarked;
