// How a host site's server signs who its visitor is: a JWT with HS256, by each language's standard library.

export type SampleLanguage = "node" | "go" | "python" | "php";

export const signingSamples: Record<SampleLanguage, string> = {
  node: `import { createHmac } from "node:crypto";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

export function identityToken(user) {
  const body = part({ alg: "HS256", typ: "JWT" }) + "." + part({
    sub: user.id, name: user.name, phone: user.phone, email: user.email,
    exp: Math.floor(Date.now() / 1000) + 600,
  });
  const key = process.env.YINGDA_SIGNING_SECRET;
  return body + "." + createHmac("sha256", key).update(body).digest("base64url");
}`,
  go: `func identityToken(user User) (string, error) {
	claims, err := json.Marshal(map[string]any{
		"sub": user.ID, "name": user.Name, "phone": user.Phone, "email": user.Email,
		"exp": time.Now().Add(10 * time.Minute).Unix(),
	})
	if err != nil {
		return "", err
	}
	part := base64.RawURLEncoding.EncodeToString
	body := part([]byte(\`{"alg":"HS256","typ":"JWT"}\`)) + "." + part(claims)
	mac := hmac.New(sha256.New, []byte(os.Getenv("YINGDA_SIGNING_SECRET")))
	mac.Write([]byte(body))
	return body + "." + part(mac.Sum(nil)), nil
}`,
  python: `import base64, hashlib, hmac, json, os, time

def part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

def identity_token(user) -> str:
    claims = {"sub": user.id, "name": user.name, "phone": user.phone,
              "email": user.email, "exp": int(time.time()) + 600}
    body = part(b'{"alg":"HS256","typ":"JWT"}') + "." + part(json.dumps(claims).encode())
    key = os.environ["YINGDA_SIGNING_SECRET"].encode()
    return body + "." + part(hmac.new(key, body.encode(), hashlib.sha256).digest())`,
  php: `function part(string $raw): string {
    return rtrim(strtr(base64_encode($raw), '+/', '-_'), '=');
}

function identity_token(array $user): string {
    $claims = ['sub' => $user['id'], 'name' => $user['name'], 'phone' => $user['phone'],
               'email' => $user['email'], 'exp' => time() + 600];
    $body = part('{"alg":"HS256","typ":"JWT"}') . '.' . part(json_encode($claims));
    $key = getenv('YINGDA_SIGNING_SECRET');
    return $body . '.' . part(hash_hmac('sha256', $body, $key, true));
}`,
};

export const identifySample = `<script>
  window.Yingda = window.Yingda || function () { (Yingda.q = Yingda.q || []).push(arguments); };
  Yingda("identify", "<the token from your server>");
</script>`;
