package dossier

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	jwt        = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2dyYXBoIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
	entraKey   = "Xy18Q~abcdEFGHijklMNOPqrstUVWXyz0123456789"
	oldKey     = "a1~B2c3D4e5F6g7H8i9J0.kL_mN-oP~qR"
	storageKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
	busKey     = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="
	refresh    = "0.AXoAbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcdefghijklmnopqrstuvwxyz.AgABAAEAAAD"
)

func TestMaskTakesSecretsOut(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ text, secret, kind string }{
		"bearer":              {"curl -H 'Authorization: Bearer " + jwt + "' https://graph.microsoft.com", jwt, "authorization"},
		"token alone":         {"voici : " + jwt + " merci", jwt, "token"},
		"token cut":           {"eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1", "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1", "token"},
		"bearer in prose":     {"we send bearer abc123def456ghi789", "abc123def456ghi789", "token"},
		"basic":               {"Basic QWxhZGRpbjpvcGVuIHNlc2FtZTEyMw==", "QWxhZGRpbjpvcGVuIHNlc2FtZTEyMw==", "token"},
		"header":              {"authorization: Bearer x.y.z\nDate: today", "x.y.z", "authorization"},
		"auxiliary":           {"x-ms-authorization-auxiliary: Bearer abc, Bearer def", "def", "authorization"},
		"client secret":       {"le secret est " + entraKey + ", d’accord ?", entraKey, "client_secret"},
		"older client secret": {"secret value " + oldKey, oldKey, "client_secret"},
		"client_secret=":      {"grant_type=x&client_secret=abc%2Bdef&scope=y", "abc%2Bdef", "client_secret"},
		"assertion":           {`{"client_assertion":"abc.def"}`, "abc.def", "client_secret"},
		"storage key":         {"AccountName=lumen;AccountKey=" + storageKey + ";EndpointSuffix=core.windows.net", storageKey, "key"},
		"bus key":             {"Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=" + busKey, busKey, "key"},
		"key alone":           {"clé " + storageKey, storageKey, "key"},
		"sas":                 {"https://x.blob.core.windows.net/a?sv=2024&sig=abc%2Fdef%3D&se=2026", "abc%2Fdef%3D", "sas"},
		"sas first":           {"?sig=AbC", "AbC", "sas"},
		"French password":     {"Mot de passe\u202f: Soleil2026!", "Soleil2026!", "password"},
		"French plain":        {"mot de passe : soleil", "soleil", "password"},
		"French of account":   {"Le mot de passe du compte admin@lumen.example : été-2026", "été-2026", "password"},
		"French is":           {"le mot de passe est Soleil2026!", "Soleil2026", "password"},
		"mdp":                 {"mdp:azerty", "azerty", "password"},
		"English":             {"Password: hunter2", "hunter2", "password"},
		"English is":          {"my password is hunter2.", "hunter2", "password"},
		"temporary":           {"temporary password for sam@lumen.example = Abc#123", "Abc#123", "password"},
		"next line":           {"Password:\nHunter2!\nThanks", "Hunter2!", "password"},
		"JSON":                {`{"user":"sam","password":"a b \"c","x":1}`, `a b \"c`, "password"},
		"JSON in JSON":        {`"{\"password\":\"hunter two\",\"x\":1}"`, "hunter two", "password"},
		"XML":                 {"<Password>a b&amp;c</Password>", "a b&amp;c", "password"},
		"connection string":   {"Server=tcp:x;User ID=sam;Password=a&b,c;Encrypt=True", "a&b,c", "password"},
		"form":                {"login=sam%40x&passwd=a%3Bb&ctx=1", "a%3Bb", "password"},
		"private key":         {"-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----", "MIIEabc", "private_key"},
		"private key cut":     {"-----BEGIN PRIVATE KEY-----\nMIIEabc", "MIIEabc", "private_key"},
		"cookie":              {"Cookie: ESTSAUTH=abc; fpc=def\nHost: x", "fpc=def", "cookie"},
		"cookie by its name":  {"j’ai ESTSAUTHPERSISTENT=0.AXoAbcdef dans le navigateur", "0.AXoAbcdef", "cookie"},
		"refresh token":       {"refresh_token=" + refresh, refresh, "token"},
		"refresh token alone": {"jeton " + refresh, refresh, "token"},
		"access token":        {`"access_token": "opaque"`, "opaque", "token"},
		"SAML":                {"SAMLResponse=PHNhbWxwOlJl&RelayState=x", "PHNhbWxwOlJl", "token"},
		"code in an address":  {"https://x/cb?code=0AbCdEfGhIjKlMnOpQrSt&state=1", "0AbCdEfGhIjKlMnOpQrSt", "code"},
		"card":                {"carte 4111 1111 1111 1111 exp 12/28", "4111 1111 1111 1111", "card"},
		"card alone":          {"378282246310005", "378282246310005", "card"},
		"IBAN":                {"IBAN FR76 3000 6000 0112 3456 7890 189 (BNP)", "3456 7890", "iban"},
		"IBAN after a code":   {"EX12 DE89370400440532013000.", "DE89370400440532013000", "iban"},
		"GitHub":              {"token ghp_abcdefghijklmnopqrstuvwxyz0123", "ghp_abcdefghijklmnopqrstuvwxyz0123", "token"},
		"API key":             {"api-key: 0123456789abcdef", "0123456789abcdef", "authorization"},
		"pair":                {"Identifiants\u202f: sam@lumen.example / Soleil2026!", "Soleil2026!", "password"},
		"c’est":               {"le mot de passe c’est Soleil2026", "Soleil2026", "password"},
		"address":             {"postgres://sam:hunter2@db.lumen.example/paie", "hunter2", "password"},
		"option":              {"Connect-X -UserName sam -Password 'hunter2'", "hunter2", "password"},
		"curl":                {"curl -u sam:hunter2 https://x", "hunter2", "password"},
		"PowerShell":          {`ConvertTo-SecureString "P@ssw0rd" -AsPlainText`, "P@ssw0rd", "password"},
		"Wi-Fi":               {"clé wifi : soleil", "soleil", "password"},
		"pass":                {"user: sam pass: hunter2", "hunter2", "password"},
		"recovery key":        {"123456-234567-345678-456789-567890-678901-789012-890123", "345678-456789", "key"},
		"product key":         {"VK7JG-NPHTM-C97JM-9MPGT-3V66T", "9MPGT", "key"},
		"PAT":                 {"PAT: abcdefgh234567", "abcdefgh234567", "key"},
		"clé d’API":           {"clé d’API : 0123456789abcdef", "0123456789abcdef", "key"},
	}
	for name, c := range cases {
		masked, kinds := Mask(c.text)
		if strings.Contains(masked, c.secret) || len(kinds) == 0 || !strings.Contains(masked, "[masked: "+c.kind+"]") {
			t.Errorf("%s: %q, %v", name, masked, kinds)
		}
		if again, more := Mask(masked); again != masked || len(more) != 0 {
			t.Errorf("%s: masked again: %q, %v", name, again, more)
		}
	}
}

func TestMaskLeavesWhatSupportNeeds(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"AADSTS50126: Error validating credentials due to invalid username or password.\r\nTrace ID: 2f1b3c4d-1111-2222-3333-444455556666\nCorrelation ID: aabbccdd-0000-4444-8888-123456789012\nTimestamp: 2026-11-26 08:14:22Z",
		"le mot de passe est expiré", "my password is incorrect", "I reset the password, then error: AADSTS50126",
		"les cookies : effacés", "Business Basic 2024-11-26", "Comptes : sam@lumen.example et max@lumen.example", "Compte : sam, depuis 2026", "http://localhost:8080/x@y", "Password policy: 90 days", "-Password $secret", "Basic authentication is off", "token expired", "The secret is about to expire",
		"Request 2611260030001234 and 615112491169010, 0x80070005, 5.7.705",
		"sam@lumen.example, lumen.onmicrosoft.com, 72f988bf-86f1-41af-91ab-2d7cd011db47",
		"/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm1",
		"MS-CV: bFzC1wBkWk2u0pQ1.0", "error code: 53003", "https://login.microsoftonline.com/?error=x&code=50126",
		"Appelez le +33 4 72 00 00 00 ou 04 72 00 00 00, le 26/11/2026 à 9 h 14", "SIRET 732 829 320 00074",
		"Message-ID: <AM0PR07MB1234567890abcdef@AM0PR07MB1234.eurprd07.prod.outlook.com>",
	} {
		if masked, kinds := Mask(text); masked != text || len(kinds) != 0 {
			t.Errorf("%q became %q, %v", text, masked, kinds)
		}
	}
}

// planted writes a secret of each kind as people and programs do.
func planted(t *rapid.T) (text, value string) {
	alnum := func(n int, label string) string {
		return rapid.StringMatching(`[A-Za-z]{2}[0-9][A-Za-z0-9]{`+strconv.Itoa(n-3)+`}`).Draw(t, label)
	}
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		value = "eyJ" + alnum(20, "head") + "." + alnum(24, "claims") + "." + alnum(30, "signature")
		return rapid.SampledFrom([]string{"", "Bearer ", "Authorization: Bearer ", "token="}).Draw(t, "before") + value, value
	case 1:
		value = alnum(3, "start") + "8Q~" + alnum(34, "rest")
		return value, value
	case 2:
		value = alnum(86, "key") + "=="
		return rapid.SampledFrom([]string{"", "AccountKey=", "clé : "}).Draw(t, "before") + value, value
	case 3:
		value = alnum(12, "signature") + "%3D"
		return "https://x.example/b?se=1&sig=" + value, value
	case 4:
		value = rapid.StringMatching(`[!#-%*+./-9A-Za-z]{6,20}`).Draw(t, "password")
		return rapid.SampledFrom([]string{"mot de passe : ", "Mot de passe\u202f: ", "password=", "pwd: ", "mdp = "}).Draw(t, "before") + value, value
	case 5:
		value = alnum(40, "body")
		return "-----BEGIN PRIVATE KEY-----\n" + value + "\n-----END PRIVATE KEY-----", value
	case 6:
		value = alnum(20, "cookie")
		return "Cookie: a=" + value + "; b=1\n", value
	case 7:
		value = alnum(50, "token")
		return rapid.SampledFrom([]string{"refresh_token=", `"access_token":"`, "id_token: "}).Draw(t, "before") + value, value
	case 8:
		value = "4111" + rapid.StringMatching(`[0-9]{11}`).Draw(t, "card")
		for d := range 10 {
			if n := value + strconv.Itoa(d); luhn(n) {
				return n, n
			}
		}
	}
	value = rapid.SampledFrom([]string{"FR7630006000011234567890189", "DE89 3704 0044 0532 0130 00"}).Draw(t, "iban")
	return value, value
}

func TestNoPlantedSecretSurvives(t *testing.T) {
	t.Parallel()
	prose := rapid.SampledFrom([]string{
		"Bonjour,\n", "depuis ce matin ", "AADSTS50126 ", "\n", " — ", "\"", "(", "mot de passe oublié ", "Cookie ", "token ", "a=b&", " sig ", "x;", "Error: 5.7.1 ", "[masked: token] ", "'",
	})
	rapid.Check(t, func(r *rapid.T) {
		var text strings.Builder
		var values []string
		for range rapid.IntRange(1, 4).Draw(r, "secrets") {
			for range rapid.IntRange(0, 3).Draw(r, "words") {
				text.WriteString(prose.Draw(r, "prose"))
			}
			planted, value := planted(r)
			text.WriteString(" " + planted + " ")
			values = append(values, value)
		}
		masked, _ := Mask(text.String())
		for _, v := range values {
			if strings.Contains(masked, v) {
				r.Fatalf("%q survives in %q, of %q", v, masked, text.String())
			}
		}
		if again, _ := Mask(masked); again != masked {
			r.Fatalf("masked again: %q became %q", masked, again)
		}
	})
}

func FuzzMask(f *testing.F) {
	f.Add("password: x\nCookie: a=b; eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1")
	f.Add("-----BEGIN PRIVATE KEY-----password=\\\"")
	f.Fuzz(func(t *testing.T, text string) {
		masked, _ := Mask(text)
		if again, _ := Mask(masked); again != masked {
			t.Errorf("masked again: %q became %q", masked, again)
		}
	})
}

func BenchmarkMask(b *testing.B) {
	text := strings.Repeat("Bonjour, depuis ce matin Outlook refuse de s’ouvrir : AADSTS50126, compte sam@lumen.example.\n", 200) + "mot de passe : x1\n"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Mask(text)
	}
}
