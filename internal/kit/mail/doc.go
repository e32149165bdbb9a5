// Package mail reads e-mail into what people meant, writes it, and sends it
// through a server that speaks SMTP.
//
// [Parse] reads any bytes, as mail programs write them and not only as the
// RFCs want them. [Reply] leaves of a text what was written anew, [SafeHTML] of
// a document what is harmless, [HTMLText] what people see of it. They take
// linear time and bounded memory, touch nothing of the world, and never fail:
// what they could not read, guessed or left out is in the notes. [Compose]
// writes mails that old programs can read, and refuses what would write its
// header from outside.
package mail
