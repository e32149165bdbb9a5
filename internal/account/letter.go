package account

import (
	"context"
	"fmt"

	"yingda/internal/domain/access"
	"yingda/internal/post"
	"yingda/internal/store"
)

// The letters that bring a code, by language. They carry no link: whoever is
// used to links in such letters follows false ones too.
var letters = map[string]struct {
	subject, notice, greeting, code, use, never, nobody, old string
	purposes                                                 map[access.Purpose]string
}{
	"zh": {
		subject: "【%s】验证码", notice: "【%s】没有这个账号", greeting: "您好！\n\n", code: "您正在%s，验证码是：\n\n    %s\n\n",
		use:    "验证码 5 分钟内有效，只能使用一次。\n",
		never:  "如果不是您本人操作，请忽略这封邮件。请不要把验证码告诉任何人，我们的工作人员也不会向您索要。\n\n%s\n",
		nobody: "有人用这个邮箱地址%s，但这个地址还没有客户账号。如果是您本人，请改用注册时填写的邮箱，或先注册账号。\n如果不是您本人操作，请忽略这封邮件。\n\n%s\n",
		old:    "验证码发往新邮箱和现在的邮箱各一个，两个都填写后才会更换。\n",
		purposes: map[access.Purpose]string{
			access.ToSignUp: "注册客户账号", access.ToSignIn: "登录客户账号", access.ToResetPassword: "重设密码",
			access.ToProveEmail: "验证邮箱", access.ToChangeEmail: "更换账号的邮箱", access.ToChangePhone: "更换手机号码",
		},
	},
	"en": {
		subject: "[%s] Your code", notice: "[%s] No such account", greeting: "Hello,\n\n", code: "here is the code to %s:\n\n    %s\n\n",
		use:    "It works for 5 minutes, and once.\n",
		never:  "If this was not you, ignore this mail. Tell the code to nobody; our staff never ask for it.\n\n%s\n",
		nobody: "somebody used this address to %s, but there is no account with it. If this was you, use the address that you signed up with, or sign up first.\nIf this was not you, ignore this mail.\n\n%s\n",
		old:    "One code goes to the new address and one to the present one; the address changes when both are entered.\n",
		purposes: map[access.Purpose]string{
			access.ToSignUp: "open your account", access.ToSignIn: "sign in to your account", access.ToResetPassword: "set a new password",
			access.ToProveEmail: "confirm your address", access.ToChangeEmail: "change the address of your account", access.ToChangePhone: "change your phone number",
		},
	},
}

// sendCode promises the letters that bring a code: one, or two where the
// address of before has a say. Where there is no account the letter says so,
// and holds no code.
func (a *Account) sendCode(ctx context.Context, tx *store.Tx, c access.Code) error {
	s, err := tx.Company(ctx)
	if err != nil {
		return err
	}
	w, ok := letters[c.Language]
	if !ok {
		w = letters["zh"]
	}
	us, what := s.Company.In(c.Language), w.purposes[c.Purpose]
	l := post.Letter{To: c.Email, Subject: fmt.Sprintf(w.subject, us), Until: c.ExpiresAt}
	if c.Customer.IsZero() && c.Purpose != access.ToSignUp {
		l.Subject, l.Text = fmt.Sprintf(w.notice, us), w.greeting+fmt.Sprintf(w.nobody, what, us)
		return a.Post.Send(ctx, tx, l)
	}
	body := func(digits string) string {
		text := w.greeting + fmt.Sprintf(w.code, what, digits) + w.use
		if c.OldEmail != "" {
			text += w.old
		}
		return text + fmt.Sprintf(w.never, us)
	}
	l.Text = body(c.Secret.Digits)
	if err := a.Post.Send(ctx, tx, l); err != nil || c.OldEmail == "" {
		return err
	}
	l.To, l.Text = c.OldEmail, body(c.Secret.OldDigits)
	return a.Post.Send(ctx, tx, l)
}
