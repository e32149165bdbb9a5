import { api, ApiError } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Field, IconButton, Input } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { Eye, EyeOff } from "lucide-react";
import { useState, type FormEvent } from "react";
import { problem } from "../problem";
import { keys, queryClient } from "../query";
import { AccountFrame, Refusal } from "./AccountFrame";

export default function SignInPage() {
  const { t } = useTranslation();
  const { to, expired } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");

  const signIn = useMutation({
    mutationFn: () => api.session.open(email.trim(), password),
    onSuccess(me) {
      queryClient.clear();
      queryClient.setQueryData(keys.me, me);
      if (to) router.history.push(`/app${to}`);
      else void navigate({ to: "/", replace: true });
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate();
  }

  return (
    <AccountFrame title={t("auth.sign_in_title")}>
      {expired && !signIn.error && <p className="mb-4 rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">{t("auth.signed_out")}</p>}
      {signIn.error && <Refusal text={problem(signIn.error).text} requestId={signIn.error instanceof ApiError && signIn.error.status >= 500 ? signIn.error.requestId : undefined} />}
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("auth.email")}>
          <Input type="email" name="email" autoComplete="username" autoFocus required value={email} onChange={(e) => setEmail(e.target.value)} className="h-9" />
        </Field>
        <PasswordField label={t("auth.password")} value={password} onChange={setPassword} autoComplete="current-password" />
        <Button type="submit" variant="primary" loading={signIn.isPending} className="mt-1 h-9 w-full">
          {t("auth.sign_in")}
        </Button>
      </form>
    </AccountFrame>
  );
}

interface PasswordFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  autoComplete: "current-password" | "new-password";
  autoFocus?: boolean;
  hint?: string;
  error?: string;
}

export function PasswordField({ label, value, onChange, autoComplete, autoFocus, hint, error }: PasswordFieldProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      <Input
        type={shown ? "text" : "password"}
        name={autoComplete}
        autoComplete={autoComplete}
        autoFocus={autoFocus}
        required
        value={value}
        onChange={(e) => onChange(e.target.value)}
        className="[&_input]:h-9"
        suffix={<IconButton tooltip="none" label={shown ? t("auth.hide_password") : t("auth.show_password")} icon={shown ? <EyeOff size={15} /> : <Eye size={15} />} onClick={() => setShown(!shown)} />}
      />
    </Field>
  );
}
