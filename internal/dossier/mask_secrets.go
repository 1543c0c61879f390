package dossier

import (
	"strings"
	"unicode"
)

// secrets are looked for in this order: what wraps others first.
var secrets = []secret{
	{"private_key", []string{"private key", "putty-user-key"}, group(
		`(?s)(-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)|PuTTY-User-Key-File-\d:.*?(?:Private-MAC: [0-9a-f]+|\z))`, 1, nil)},
	{"authorization", []string{"authorization", "-key"}, header(
		`(?:proxy-)?authorization|x-ms-authorization-auxiliary|ocp-apim-subscription-key|x-api-key|api-key|x-functions-key`)},
	{"cookie", []string{"cookie"}, header(`set-cookie2?|cookie`)},
	{"cookie", []string{"estsauth", "fedauth", "rtfa", "ccstate", "signinstatecookie", "aspnet", "appserviceauthsession", "openidconnect", "xsrf", "csrf", "sessionid"}, group(
		`(?i)(?:ESTSAUTH\w*|FedAuth|rtFa|CCState|SignInStateCookie|\.AspNet[\w.]*|AppServiceAuthSession|OpenIdConnect\.[\w.%-]*?|[\w-]*(?:XSRF|CSRF)[\w-]*|[\w.]*session_?id)=([^;&\s"'<>\[][^;&\s"'<>]{5,})`, 1, nil)},
	// A JSON web token, whole or cut short: its head is base64 of {"
	{"token", []string{"eyj"}, group(`(eyJ[A-Za-z0-9_-]{14,}(?:\.[A-Za-z0-9_-]*){0,4})`, 1, nil)},
	// An authorization code or refresh token of Entra.
	{"token", []string{"0.a", "1.a", "m.c", "m.r"}, group(`(?:^|[^\w.])((?:[01]\.A|M\.[CR]\d)[A-Za-z0-9_.!*$-]{40,})`, 1, nil)},
	{"token", []string{"bearer", "basic", "negotiate", "sharedkey", "pop"}, group(
		`(?i)(?:bearer|basic|negotiate|sharedkey(?:lite)?|pop)[ \t]+([A-Za-z0-9+/=._~:-]{8,})`, 1, secretive)},
	{"token", []string{"ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "sk-", "xox", "akia", "aiza"}, group(
		`(?:^|\W)(gh[pousr]_\w{20,}|github_pat_\w{20,}|sk-[\w-]{20,}|xox[abeprs]-[\w-]{10,}|AKIA[A-Z0-9]{16}|AIza[\w-]{30,})`, 1, nil)},
	// A client secret of Entra: three characters, a digit, Q~; older ones hold a tilde elsewhere.
	{"client_secret", []string{"~"}, group(`((?:[\w.-]{3}\dQ~[\w.~-]{24,})|(?:[\w.~-]{30,}))`, 1, clientSecret)},
	{"sas", []string{"sig=", "sig%3d"}, group(`(?i)(?:^|[^A-Za-z0-9])sig(?:=|%3D)([^&\s"'<>\[][^&\s"'<>]*)`, 1, nil)},
	{"client_secret", []string{"secret", "assertion", "secrète"}, labels(
		`client[ _-]?secret(?:[ _-]?value)?|secret client|(?:client[_-]?)?assertion|valeur du secret|secret value|clé secrète`, nil)},
	{"token", []string{"token", "saml", "jeton", "wresult"}, labels(
		`(?:access|refresh|id|auth|session|bearer|flow|sas|api|device)[ _-]?token|saml[_-]?(?:response|request|assertion)|wresult|jeton d['’](?:accès|actualisation)`, nil)},
	{"token", []string{"token", "jeton", "secret", "canary"}, labels(`token|jeton|secret|canary|api[ _-]?canary`, secretive)},
	{"key", []string{"key", "clé", "cle"}, labels(
		`account[ _-]?key|shared[ _-]?access[ _-]?key|shared[ _-]?access[ _-]?signature|(?:api|subscription|storage|functions?|host|master|access|instrumentation[_-]?write)[ _-]?key|clé (?:de stockage|d['’]accès|d['’]api|api|primaire|secondaire|partagée)|(?:primary|secondary)[ _-]?key`, secretive)},
	{"code", []string{"code"}, labels(`code[_-]?verifier|authorization[_-]?code|device[_-]?code`, secretive)},
	{"code", []string{"code="}, group(`[?&#]code=([^&\s"'<>\[][^&\s"'<>]{19,})`, 1, nil)},
	{"password", []string{"pass", "pwd", "mdp", "kennwort", "passwort", "contraseña", "senha", "wachtwoord", "code secret", "pin"}, labels(
		passwordLabel, nil)},
	{"password", []string{"pass", "pwd", "mdp", "kennwort", "contraseña", "senha", "wachtwoord"}, group(
		`(?i)(?:^|[^\pL])(?:`+passwordLabel+`)`+passwordOf+`[ \x{00A0}\x{202F}]+(?:est|is|was|était|es|ist|é)[ \x{00A0}\x{202F}]+["'«“]?[ \x{00A0}\x{202F}]*(\S{5,})`, 1, strong)},
	{"key", []string{"="}, group(`(?:^|[^A-Za-z0-9+/_=-])([A-Za-z0-9+/_-]{40,}={1,2})(?:[^A-Za-z0-9+/_=-]|$)`, 1, secretive)},
	{"iban", []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, ibans},
	{"card", []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, cards},
}

// passwordOf is what may stand between the word and its colon: whose it is.
const (
	passwordLabel = `mots? de passe|pass[ _-]?words?|passwd|pass[ _-]?phrase|pass[ _-]?code|p?pwd|userpass|mdp|kennwort|passwort|contraseña|senha|wachtwoord|code secret|code pin|pin code`
	passwordOf    = `(?:[ \x{00A0}](?:de|du|des|d['’]|le|la|l['’]|of|for|the|my|mon|ma|son|sa|votre|your|his|her|compte|account|admin\w*|user\w*|utilisateur\w*|temporaire|temporary|provisoire|initiale?|wi-?fi|actuel|current|nouveau|new|ancien|old|application|app|outlook|messagerie|session|windows|office|bdd|sql|base|[\w.+-]+@[\w.-]+)){0,6}`
)

// secretive tells a secret from a word of a sentence: it holds a digit, or is longer than words are.
func secretive(s string) bool {
	return strings.ContainsAny(s, "0123456789") && len(s) >= 6 || len(s) >= 28
}

// strong tells a password from what a sentence says of one ("is expired").
func strong(s string) bool {
	s = strings.TrimRight(s, ".,;»”\"'")
	var kinds [4]bool
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			kinds[0] = true
		case unicode.IsUpper(r):
			kinds[1] = true
		case unicode.IsLower(r):
			kinds[2] = true
		case r != '-' && r != '’' && r != '\'' && r != '.' && r != ',' && r != '[':
			kinds[3] = true
		}
	}
	return !strings.HasPrefix(s, "[masked") && (kinds[0] || kinds[3])
}

func clientSecret(s string) bool {
	var upper, lower, digit bool
	for _, r := range s {
		upper, lower, digit = upper || 'A' <= r && r <= 'Z', lower || 'a' <= r && r <= 'z', digit || '0' <= r && r <= '9'
	}
	return strings.Contains(s, "~") && digit && (upper || lower) && len(s) <= 64
}
