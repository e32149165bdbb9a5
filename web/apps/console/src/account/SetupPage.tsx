import { api, ApiError } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, buttonClass, Field, Input, SkeletonRows } from "@yingda/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { problem } from "../problem";
import { keys, queryClient } from "../query";
import { AccountFrame, Refusal } from "./AccountFrame";
import { PasswordField } from "./SignInPage";

const shortestPassword = 10;

/** The one-time link: the first administrator, an invitation, a new password. */
export default function SetupPage() {
  const { t } = useTranslation();
  const { token } = useParams({ from: "/setup/$token" });
  const setup = useQuery({ queryKey: ["setup", token], queryFn: () => api.setup.get(token), retry: (n, err) => n < 2 && err instanceof ApiError && err.passing, staleTime: Infinity });

  if (setup.isPending) {
    return (
      <AccountFrame title={t("auth.setup.checking")}>
        <SkeletonRows rows={3} />
      </AccountFrame>
    );
  }
  if (setup.error) {
    const gone = setup.error instanceof ApiError && [404, 410].includes(setup.error.status);
    return (
      <AccountFrame title={gone ? t("auth.setup.gone") : t("common.error.title")} hint={gone ? t("auth.setup.gone_hint") : problem(setup.error).text}>
        {gone ? (
          <Link to="/sign-in" className={buttonClass("default", "md", "w-full")}>
            {t("auth.setup.go_sign_in")}
          </Link>
        ) : (
          <Button className="w-full" onClick={() => void setup.refetch()}>
            {t("common.retry")}
          </Button>
        )}
      </AccountFrame>
    );
  }
  return <SetupForm token={token} kind={setup.data.kind} email={setup.data.email} />;
}

function SetupForm({ token, kind, email: given }: { token: string; kind: "first_admin" | "invite" | "reset"; email?: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [email, setEmail] = useState(given ?? "");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [repeated, setRepeated] = useState("");
  const [checked, setChecked] = useState(false);

  const finish = useMutation({
    mutationFn: () => api.setup.finish(token, { email: given ? undefined : email.trim(), name: name.trim(), password }),
    onSuccess(me) {
      // the link is used: what stands on this page stays as it was read until the page is left
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "setup" });
      queryClient.setQueryData(keys.me, me);
      void navigate({ to: "/", replace: true });
    },
  });
  const fields = finish.error instanceof ApiError ? finish.error.fields : {};
  const short = password.length < shortestPassword;
  const differ = password !== repeated;

  function submit(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    if (short || differ || finish.isPending) return;
    finish.mutate();
  }

  return (
    <AccountFrame title={t(`auth.setup.${kind}`)} hint={t(`auth.setup.${kind}_hint`)}>
      {finish.error && <Refusal text={problem(finish.error).text} requestId={problem(finish.error).requestId} />}
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("auth.email")} error={fields.email}>
          <Input type="email" name="email" autoComplete="username" autoFocus={!given} required readOnly={Boolean(given)} value={email} onChange={(e) => setEmail(e.target.value)} className="h-9" />
        </Field>
        {kind !== "reset" && (
          <Field label={t("auth.name")} hint={t("auth.name_hint")} error={fields.name}>
            <Input name="name" autoComplete="name" autoFocus={Boolean(given)} required value={name} onChange={(e) => setName(e.target.value)} className="h-9" />
          </Field>
        )}
        <PasswordField label={t("auth.password")} value={password} onChange={setPassword} autoComplete="new-password" autoFocus={kind === "reset" && Boolean(given)} hint={t("auth.password_hint")} error={checked && short ? t("auth.password_hint") : fields.password} />
        <PasswordField label={t("auth.repeat_password")} value={repeated} onChange={setRepeated} autoComplete="new-password" error={checked && differ ? t("auth.passwords_differ") : undefined} />
        <Button type="submit" variant="primary" loading={finish.isPending} className="mt-1 h-9 w-full">
          {t("auth.setup.finish")}
        </Button>
      </form>
    </AccountFrame>
  );
}
