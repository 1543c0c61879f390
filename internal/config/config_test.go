package config

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var testKey = base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))

func TestLoadDefaults(t *testing.T) {
	t.Parallel()
	c := load(t)
	if got := c.BaseURL.String(); got != "http://127.0.0.1:8080" {
		t.Errorf("BaseURL = %s, want ADDR's", got)
	}
	if c.DevAddr != "127.0.0.1:8081" {
		t.Errorf("DevAddr = %s, want the port after ADDR's", c.DevAddr)
	}
	if c.FilesURL.Scheme != "file" || !strings.HasSuffix(c.FilesURL.Path, "/internal/config/.state/files") {
		t.Errorf("FilesURL = %s, want STATE_DIR's", c.FilesURL)
	}
	if c.OpsAddr != "" || c.StateDir != ".state" || c.LogLevel != slog.LevelInfo || c.SessionIdle != 2*time.Hour {
		t.Errorf("unexpected defaults: %+v", c)
	}
	if _, ok := c.MailServer(); ok {
		t.Error("mail goes out without SMTP_URL")
	}
}

func TestLoadReadsEverySetting(t *testing.T) {
	t.Parallel()
	c := load(t,
		"DATABASE_URL=postgres://guichet_app:a@db/guichet", "DATABASE_OWNER_URL=postgres://guichet_owner:b@db/guichet",
		"DATABASE_MAX_CONNS=20", "ADDR=0.0.0.0:80", "OPS_ADDR=127.0.0.1:9090", "DEV_ADDR=127.0.0.1:9000",
		"BASE_URL=https://support.example.com/", "TRUSTED_PROXIES=1", "STATE_DIR=/var/lib/guichet", "FILES_URL=file:///srv/files", "CLAMAV_ADDR=unix:/run/clamd.ctl", "CLAMAV_MAX=25",
		"SMTP_URL=smtps://u:p@mail.example.com", "SMTP_FROM=Support <support@example.com>", "MAIL_QUIET=1m",
		"MAIL_IN_ADDR=smtp://0.0.0.0:2525", "MAIL_DOMAIN=in.example.com", "MAIL_TRUSTED=mx.example.com", "MAIL_CERT=/c", "MAIL_KEY=/k",
		"ENTRA_AUTHORITY=https://login.microsoftonline.us", "ENTRA_CLIENT_ID=id", "ENTRA_CLIENT_SECRET=secret",
		"GRAPH_URL=https://graph.microsoft.us", "AZURE_URL=https://management.usgovcloudapi.net", "AZURE_TENANT=0190a000-0000-7000-8000-000000000001",
		"PARTNER_CENTER_URL=https://api.partnercenter.microsoftonline.us", "SECRET_KEY_OLD="+testKey, "SECRET_KEY="+testKey, "SESSION_IDLE=3h", "SESSION_LIFETIME=24h", "WORKERS=3", "API_RATE=60", "LOG_LEVEL=debug", "LOG_FORMAT=json")
	for _, s := range Describe() {
		if s.Default == fmt.Sprint(reflect.ValueOf(c).FieldByName(s.field)) {
			t.Errorf("%s kept its default %q", s.Name, s.Default)
		}
	}
	if got := c.BaseURL.JoinPath("alpine").String(); got != "https://support.example.com/alpine" {
		t.Errorf("a link reads %s", got)
	}
	if string(c.SecretKey.Bytes()) != "0123456789abcdef0123456789abcdef" {
		t.Error("SECRET_KEY was not decoded")
	}
	if err := errors.Join(c.ForServing(), c.ForMigrating()); err != nil {
		t.Errorf("a complete environment lacks something: %v", err)
	}
}

func TestLoadNamesTheVariableAtFault(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ environ, variable, says string }{
		{"ADDR=8080", "ADDR", "give 0.0.0.0:8080"},
		{"ADDR=localhost:http", "ADDR", "no number"},
		{"OPS_ADDR=here", "OPS_ADDR", "not host:port"},
		{"OPS_ADDR=127.0.0.1:8080", "OPS_ADDR", "a port of its own"},
		{"DEV_ADDR=0.0.0.0:8081", "DEV_ADDR", "reachable from other machines"},
		{"DEV_ADDR=nowhere", "DEV_ADDR", "not host:port"},
		{"BASE_URL=http://support.example.com", "BASE_URL", "is not https"},
		{"BASE_URL=support.example.com", "BASE_URL", "no web address"},
		{"BASE_URL=https://example.com/support", "BASE_URL", "has a path"},
		{"BASE_URL=https://example.com?desk=1", "BASE_URL", "more than a scheme"},
		{"BASE_URL=https://exa mple", "BASE_URL", "no web address"},
		{"ENTRA_AUTHORITY=http://login.example.com", "ENTRA_AUTHORITY", "is not https"},
		{"GRAPH_URL=http://graph.example.com", "GRAPH_URL", "is not https"},
		{"AZURE_URL=management.example.com", "AZURE_URL", "no web address"},
		{"PARTNER_CENTER_URL=partner.example.com", "PARTNER_CENTER_URL", "no web address"},
		{"AZURE_TENANT=contoso", "AZURE_TENANT", "no tenant's id"},
		{"AZURE_TENANT=0190a000-0000-7000-8000-000000000001", "ENTRA_CLIENT_ID", "is not set"},
		{"ENTRA_CLIENT_ID=id", "ENTRA_CLIENT_SECRET", "is not set"},
		{"ENTRA_CLIENT_SECRET=secret", "ENTRA_CLIENT_ID", "is not set"},
		{"FILES_URL=ftp://bucket", "FILES_URL", "no place that files can be kept in"},
		{"FILES_URL=s3:///folder", "FILES_URL", "no place that files can be kept in"},
		{"FILES_URL=s3://key:secret@bucket", "FILES_URL", "no place that files can be kept in"},
		{"CLAMAV_ADDR=/run/clamd.ctl", "CLAMAV_ADDR", "not host:port"},
		{"FILES_URL=/srv/files", "FILES_URL", "file:///srv/guichet/files"},
		{"FILES_URL=file://server/files", "FILES_URL", "no folder of this machine"},
		{"TRUSTED_PROXIES=-1", "TRUSTED_PROXIES", "from 0 to 10"},
		{"TRUSTED_PROXIES=one", "TRUSTED_PROXIES", `is "one", no whole number`},
		{"DATABASE_MAX_CONNS=1", "DATABASE_MAX_CONNS", "from 2 to 1000"},
		{"WORKERS=0", "WORKERS", "from 1 to 1000"},
		{"API_RATE=0", "API_RATE", "from 1 to 1000000"},
		{"DATABASE_URL=host=db user=guichet_app", "DATABASE_URL", "postgres://"},
		{"DATABASE_URL=postgres://db/guichet", "DATABASE_URL", "names no role"},
		{"DATABASE_OWNER_URL=postgres://o:p/w@db/guichet", "DATABASE_OWNER_URL", "%2F"},
		{"SMTP_URL=smtp://mail.example.com", "SMTP_FROM", "no sender"},
		{"MAIL_IN_ADDR=smtp://127.0.0.1:2525", "MAIL_DOMAIN", "is not set"},
		{"MAIL_DOMAIN=in.example.com", "MAIL_IN_ADDR", "is not set"},
		{"MAIL_IN_ADDR=http://127.0.0.1:2525", "MAIL_IN_ADDR", "no place"},
		{"MAIL_IN_ADDR=smtp:///run/mail.sock", "MAIL_IN_ADDR", "no place"},
		{"MAIL_QUIET=2h", "MAIL_QUIET", "may be"},
		{"SMTP_URL=mail.example.com:25", "SMTP_URL", "no mail server"},
		{"SECRET_KEY=short", "SECRET_KEY", "openssl rand -base64 32"},
		{"SECRET_KEY=c2hvcnQ=", "SECRET_KEY", "holds 5 bytes"},
		{"SECRET_KEY_OLD=c2hvcnQ=", "SECRET_KEY_OLD", "holds 5 bytes"},
		{"SESSION_IDLE=8", "SESSION_IDLE", "no duration"},
		{"SESSION_IDLE=1s", "SESSION_IDLE", "too short"},
		{"SESSION_LIFETIME=1h", "SESSION_LIFETIME", "shorter than SESSION_IDLE"},
		{"LOG_LEVEL=loud", "LOG_LEVEL", "no log level"},
		{"LOG_FORMAT=xml", "LOG_FORMAT", "text or json"},
	} {
		_, err := Load([]string{tc.environ})
		wantProblem(t, err, tc.variable, tc.says)
	}
}

func TestLoadRefusesOneRoleForBoth(t *testing.T) {
	t.Parallel()
	_, err := Load([]string{"DATABASE_URL=postgres://guichet@db/g", "DATABASE_OWNER_URL=postgres://guichet@db/g"})
	wantProblem(t, err, "DATABASE_URL", "same role")
}

func TestLoadReportsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := Load([]string{"WORKERS=0", "LOG_FORMAT=xml", "SECRET_KEY_FILE=absent"})
	wantProblem(t, err, "SECRET_KEY_FILE", "cannot be read")
	_, err = Load([]string{"WORKERS=0", "LOG_FORMAT=xml"})
	wantProblem(t, err, "WORKERS", "is 0")
	wantProblem(t, err, "LOG_FORMAT", "xml")
}

func TestEmptyCountsAsUnset(t *testing.T) {
	t.Parallel()
	if c := load(t, "ADDR=", "SESSION_IDLE="); c.Addr != "127.0.0.1:8080" || c.SessionIdle != 2*time.Hour {
		t.Errorf("an empty value replaced the default: %s, %s", c.Addr, c.SessionIdle)
	}
}

func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "secret")
	write(t, file, "hush\n")
	if c := load(t, "ENTRA_CLIENT_ID=id", "ENTRA_CLIENT_SECRET_FILE="+file); c.EntraClientSecret.Reveal() != "hush" {
		t.Errorf("ENTRA_CLIENT_SECRET = %q", c.EntraClientSecret.Reveal())
	}
	_, err := Load([]string{"ENTRA_CLIENT_SECRET=a", "ENTRA_CLIENT_SECRET_FILE=" + file})
	wantProblem(t, err, "ENTRA_CLIENT_SECRET", "keep one")
	_, err = Load([]string{"SMTP_URL_FILE=" + file + ".absent"})
	wantProblem(t, err, "SMTP_URL_FILE", "cannot be read")
	write(t, file, "\n")
	_, err = Load([]string{"DATABASE_URL_FILE=" + file})
	wantProblem(t, err, "DATABASE_URL_FILE", "empty file")
}

func TestNoPrintShowsASecret(t *testing.T) {
	t.Parallel()
	c := load(t, "DATABASE_URL=postgres://app:hush@db/g", "SECRET_KEY="+testKey, "SMTP_URL=smtp://u:hush@mail.example.com",
		"SMTP_FROM=a@example.com", "ENTRA_CLIENT_ID=id", "ENTRA_CLIENT_SECRET=hush")
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("configuration", "all", c, "key", c.SecretKey, "secret", c.EntraClientSecret)
	for _, shown := range []string{fmt.Sprintf("%v %+v %#v", c, c, c), string(asJSON), log.String()} {
		if strings.Contains(shown, "hush") || strings.Contains(shown, "0123456789abcdef") || strings.Contains(shown, testKey) {
			t.Errorf("a secret shows in %s", shown)
		}
	}
	for _, environ := range []string{"SMTP_URL=hush", "DATABASE_URL=hush", "SECRET_KEY=hush", "DATABASE_URL=postgres://a:hu%sh@db"} {
		if _, err := Load([]string{environ}); err == nil || strings.Contains(err.Error(), "hu") {
			t.Errorf("the error for %s is missing or shows the value: %v", environ, err)
		}
	}
}

func TestForServingListsWhatIsMissing(t *testing.T) {
	t.Parallel()
	err := load(t, "ADDR=0.0.0.0:8080").ForServing()
	for _, name := range []string{"DATABASE_URL", "BASE_URL", "SECRET_KEY"} {
		wantProblem(t, err, name, "is not set")
	}
	wantProblem(t, load(t).ForMigrating(), "DATABASE_OWNER_URL", "is not set")
}

func TestMailServer(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]MailServer{
		"smtp://u:p%40ss@mail.example.com":              {"mail.example.com", 587, "u", "p@ss", StartTLS},
		"smtp://mail.example.com:25":                    {"mail.example.com", 25, "", "", StartTLS},
		"smtps://u:p@mail.example.com":                  {"mail.example.com", 465, "u", "p", Implicit},
		"smtp://relay:25?starttls=off":                  {"relay", 25, "", "", Plaintext},
		"smtp://u:p@localhost:1025?starttls=off":        {"localhost", 1025, "u", "p", Plaintext},
		"smtp://[2001:db8::1]:2525":                     {"2001:db8::1", 2525, "", "", StartTLS},
		"smtps://mail.example.com:5465?starttls=always": {"mail.example.com", 5465, "", "", Implicit},
	} {
		if got, err := parseMailServer(address); err != nil || got != want {
			t.Errorf("%s: %#v, %v", address, got, err)
		}
	}
	for _, address := range []string{"", "http://mail", "smtp://", "smtps://mail?starttls=off", "smtp://u:p@mail?starttls=off", "smtp://mail:99999"} {
		if got, err := parseMailServer(address); err == nil {
			t.Errorf("%q was taken as %#v", address, got)
		}
	}
}

func TestEverySettingIsDescribed(t *testing.T) {
	t.Parallel()
	for _, s := range Describe() {
		if s.Name == "" || s.Meaning == "" || strings.HasSuffix(s.Meaning, ".") {
			t.Errorf("setting %+v lacks a name or a meaning of the agreed form", s)
		}
		if !Known(s.Name) || Known(s.Name+"_FILE") != s.Secret {
			t.Errorf("Known disagrees about %s", s.Name)
		}
	}
	if Known("PATH") {
		t.Error("PATH is no setting")
	}
}

func load(t *testing.T, environ ...string) Config {
	t.Helper()
	c, err := Load(environ)
	if err != nil {
		t.Fatalf("Load(%q): %v", environ, err)
	}
	return c
}

func wantProblem(t *testing.T, err error, variable, says string) {
	t.Helper()
	var problems Problems
	errors.As(err, &problems)
	for _, p := range problems {
		if p.Variable == variable && p.Mend != "" && strings.Contains(p.Error(), says) {
			return
		}
	}
	t.Errorf("no problem of %s that says %q in: %v", variable, says, err)
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
