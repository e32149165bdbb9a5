package channel

import (
	"context"

	"yingda/internal/domain/mailbox"
)

// MailCheck tries mailboxes out while an administrator waits. Package email has
// the one that speaks IMAP and SMTP.
type MailCheck interface {
	// CheckMailbox tries a mailbox as it is given, saved or not, and returns each
	// step that it came to, in order. A step that fails ends its way: without a
	// login there is no folder. It takes at most a minute, and leaves nothing
	// behind but the mail of the loop test, which it removes where it finds it.
	CheckMailbox(ctx context.Context, m mailbox.Mailbox) []MailStep
}

// MailStep is one thing that was tried with a mailbox.
type MailStep struct {
	Name MailStepName
	// Err is nil if it worked; otherwise a fault whose text says what to do.
	Err error
	// Detail is what the server said, or what was found: the number of mails in
	// the folder. It is never a password.
	Detail string
}

// MailStepName names a step of a check.
type MailStepName string

// The steps, in their order.
const (
	StepLogin  MailStepName = "login"   // IMAP: connected, encrypted, signed in
	StepFolder MailStepName = "folder"  // IMAP: the folder can be opened
	StepIdle   MailStepName = "idle"    // IMAP: the server tells of new mail at once; if not, we ask each minute: no fault
	StepSignIn MailStepName = "sign_in" // SMTP: connected, encrypted, signed in
	StepSend   MailStepName = "send"    // SMTP: a mail to the mailbox itself was taken
	StepLoop   MailStepName = "loop"    // that mail arrived in the folder
)

// MailGrants lets an administrator sign a mailbox in at a provider of OAuth 2.
// Package email has the one.
type MailGrants interface {
	// GrantURL is where the administrator's browser goes. state comes back
	// unchanged; verifier is 43 random characters or more, kept for Exchange (RFC 7636).
	GrantURL(g mailbox.Grant, redirect, state, verifier string) (string, error)
	// Exchange turns the code that the browser came back with into a grant.
	Exchange(ctx context.Context, g mailbox.Grant, redirect, code, verifier string) (mailbox.Grant, error)
}
