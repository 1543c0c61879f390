package dossier

import (
	"regexp"
	"strings"
	"unicode"
)

// secrets are looked for in this order: what wraps others first.
var secrets = []secret{
	{"private_key", blocksOf(`(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)|PuTTY-User-Key-File-\d:.*?(?:Private-MAC: [0-9a-f]+|\z)`, "PRIVATE KEY", "PuTTY-User-Key")},
	{"authorization", headers("authorization", "proxy-authorization", "x-ms-authorization-auxiliary", "ocp-apim-subscription-key", "x-api-key", "api-key", "x-functions-key")},
	{"cookie", headers("set-cookie", "set-cookie2", "cookie")},
	{"cookie", begins([]string{"estsauth", "fedauth", "rtfa", "ccstate", "signinstatecookie", ".aspnet", "aspnet", "appserviceauthsession", "openidconnect", "xsrf", "csrf", "jsessionid", "phpsessid"},
		`[\w.%-]{3,80}=([^;&\s"'<>\[][^;&\s"'<>]{5,})`, nil)},
	// A JSON web token, whole or cut short: its head is base64 of {"
	{"token", begins([]string{"eyj"}, `(eyJ[A-Za-z0-9_-]{14,}(?:\.[A-Za-z0-9_-]*){0,4})`, nil)},
	// An authorization code or refresh token of Entra.
	{"token", begins([]string{"0.a", "1.a", "m.c", "m.r"}, `((?:[01]\.A|M\.[CR]\d)[A-Za-z0-9_.!*$-]{40,})`, nil)},
	{"token", begins([]string{"bearer"}, `(?i:bearer)[ \t]+([A-Za-z0-9+/=._~:-]{8,})`, func(s string) bool { return secretive(s) && strings.ContainsFunc(s, unicode.IsLetter) })},
	{"token", begins([]string{"basic", "negotiate", "sharedkey", "pop"}, `(?i:basic|negotiate|sharedkey(?:lite)?|pop)[ \t]+([A-Za-z0-9+/=._~:-]{8,})`, mixed)},
	{"token", begins([]string{"ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "sk-", "xox", "akia", "aiza"},
		`(gh[pousr]_\w{20,}|github_pat_\w{20,}|sk-[\w-]{20,}|xox[abeprs]-[\w-]{10,}|AKIA[A-Z0-9]{16}|AIza[\w-]{30,})`, nil)},
	{"client_secret", runs('~', func(c byte) bool { return wordSign(c) || c == '.' || c == '~' }, clientSecret)},
	{"sas", begins([]string{"sig=", "sig%3d"}, `(?i:sig(?:=|%3D))([^&\s"'<>\[][^&\s"'<>]*)`, nil)},
	{"client_secret", labels([]string{"client", "secret", "assertion", "valeur", "clé", "clÉ"},
		`client[ _-]?secret(?:[ _-]?value)?|secret client|(?:client[_-]?)?assertion|valeur du secret|secret value|clé secrète`, nil)},
	{"token", labels([]string{"access", "refresh", "id", "auth", "session", "bearer", "flow", "sas", "api", "device", "saml", "wresult", "jeton"},
		`(?:access|refresh|id|auth|session|bearer|flow|sas|api|device)[ _-]?token|saml[_-]?(?:response|request|assertion)|wresult|jeton d['’](?:accès|actualisation)`, nil)},
	{"token", labels([]string{"token", "jeton", "secret", "canary", "api"}, `token|jeton|secret|canary|api[ _-]?canary`, secretive)},
	{"key", labels([]string{"account", "shared", "api", "subscription", "storage", "function", "host", "master", "access", "primary", "secondary", "clé", "clÉ"},
		`account[ _-]?key|shared[ _-]?access[ _-]?key|shared[ _-]?access[ _-]?signature|(?:api|subscription|storage|functions?|host|master|access|primary|secondary)[ _-]?key|clé (?:de stockage|d['’]accès|d['’]api|api|primaire|secondaire|partagée)`, secretive)},
	{"code", labels([]string{"code", "authorization", "device"}, `code[_-]?verifier|authorization[_-]?code|device[_-]?code`, secretive)},
	{"code", begins([]string{"code="}, `(?i:code)=([^&\s"'<>\[][^&\s"'<>]{19,})`, secretive)},
	{"password", labels(passwordStarts, passwordNames, nil)},
	{"password", labels([]string{"pass"}, `pass`, strong)},
	// An address with its account, an option of a command, a pair of account and password.
	{"password", begins([]string{"http", "ftp", "sftp", "smb", "postgres", "mysql", "mongodb", "amqp", "redis"}, `(?i:[a-z+]{3,15})://[^/\s:@"'<>]+:([^@\s/"'<>]+)@`, nil)},
	{"password", begins([]string{"-password", "--password", "-pwd", "-clientsecret", "--client-secret", "-apikey", "--token", "convertto-securestring"},
		`(?i:--?(?:password|pwd|client-?secret|apikey|token)|convertto-securestring(?:[ \t]+-string)?)[ \t]+["']?([^\s"'$(-][^\s"']{3,})`, nil)},
	{"password", begins([]string{"-u "}, `-u ["']?[^\s:"']+:([^\s"']+)`, nil)},
	{"password", begins([]string{"identifiant", "credential", "login", "accès", "compte"},
		`(?i:identifiants?|credentials?|logins?|accès|compte)(?: \pL{1,15}){0,3}[ \x{00A0}\x{202F}]*[:=][ \x{00A0}\x{202F}]*[^\s/|]+[ \x{00A0}]*(?:[/|]|et|and|;|,)[ \x{00A0}]*(\S{5,})`, password)},
	{"password", begins(passwordStarts, `(?i:(?:`+passwordNames+`)`+ofWhom+`)[ \x{00A0}\x{202F}]+(?i:est|c['’]est|is|was|était|es|ist|é)[ \x{00A0}\x{202F}]+["'«“]?[ \x{00A0}\x{202F}]*(\S{5,})`, strong)},
	{"key", paddedKeys},
	{"key", labels([]string{"pat", "personal"}, `pat|personal access token`, secretive)},
	// The recovery key of a disk, and a product's.
	{"key", begins(strings.Split("0123456789", ""), `((?:\d{6}-){7}\d{6})\b`, nil)},
	{"key", begins(strings.Split("2346789bcdfghjkmnpqrtvwxy", ""), `((?:[2346789BCDFGHJKMNPQRTVWXY]{5}-){4}[2346789BCDFGHJKMNPQRTVWXY]{5})\b`, nil)},
	{"iban", ibans},
	{"card", cards},
}

// The words of a password, and what may stand between them and a colon: whose it is.
const (
	passwordNames = `mots? de passe|pass[ _-]?words?|passwd|pass[ _-]?phrase|pass[ _-]?code|p?pwd|userpass(?:word)?|mdp|kennwort|passwort|contraseña|senha|wachtwoord|code secret|code pin|pin code|(?:clé|cle|code) (?:wi-?fi|wpa2?)`
	ofWhom        = `(?:[ \x{00A0}](?:de|du|des|d['’]|le|la|l['’]|of|for|the|my|mon|ma|son|sa|votre|your|his|her|compte|account|admin\w*|user\w*|utilisateur\w*|temporaire|temporary|provisoire|initiale?|wi-?fi|actuel|current|nouveau|new|ancien|old|application|app|outlook|messagerie|session|windows|office|bdd|sql|base|[\w.+-]+@[\w.-]+)){0,6}`
)

var passwordStarts = []string{"mot", "pass", "ppwd", "pwd", "userpass", "mdp", "kennwort", "contrase", "senha", "wachtwoord", "code", "pin", "clé", "cle"}

// blocksOf finds blocks of several lines, where one of the marks stands.
func blocksOf(pattern string, marks ...string) finder {
	re := regexp.MustCompile(pattern)
	return func(in *searched) []span {
		var spans []span
		text := in.text
		for _, mark := range marks {
			if strings.Contains(text, mark) {
				for _, m := range re.FindAllStringIndex(text, -1) {
					spans = append(spans, span{m[0], m[1]})
				}
				break
			}
		}
		return spans
	}
}

// secretive tells a secret from a word of a sentence: it holds a digit, or is longer than words are.
func secretive(s string) bool {
	return strings.ContainsAny(s, "0123456789") && len(s) >= 6 || len(s) >= 28
}

// strong tells a password from what a sentence says of one ("is expired").
func strong(s string) bool {
	s = strings.TrimRight(s, ".,;»”\"'")
	var digit, sign bool
	for _, r := range s {
		digit = digit || unicode.IsDigit(r)
		sign = sign || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-’'.,[", r)
	}
	return !strings.HasPrefix(s, "[masked") && (digit || sign)
}

// mixed tells a credential in base64 from a word or a date.
func mixed(s string) bool {
	return len(s) >= 12 && strings.ContainsFunc(s, unicode.IsLower) && strings.ContainsFunc(s, unicode.IsUpper) && strings.ContainsAny(s, "0123456789=+/")
}

// password tells a password from a word, a number or an address.
func password(s string) bool {
	return strong(s) && strings.ContainsFunc(s, unicode.IsLetter) && !mailbox.MatchString(s)
}

// clientSecret is one of Entra: about forty signs with a tilde among them.
func clientSecret(s string) bool {
	var letter, digit bool
	for _, r := range s {
		letter, digit = letter || unicode.IsLetter(r), digit || unicode.IsDigit(r)
	}
	return len(s) >= 30 && len(s) <= 64 && letter && digit
}

// paddedKeys are keys in base64 with their padding: of a storage account, a bus, a function.
func paddedKeys(in *searched) []span {
	text := in.text
	var spans []span
	for from := 0; from < len(text); {
		i := strings.IndexByte(text[from:], '=')
		if i < 0 {
			break
		}
		s := span{from + i, from + i + 1}
		for s.from > from && (wordSign(text[s.from-1]) || text[s.from-1] == '+' || text[s.from-1] == '/') {
			s.from--
		}
		length := from + i - s.from
		for s.to < len(text) && text[s.to] == '=' {
			s.to++
		}
		if key := text[s.from:s.to]; length >= 40 && len(key) <= length+2 && secretive(key) {
			spans = append(spans, s)
		}
		from = s.to
	}
	return spans
}
