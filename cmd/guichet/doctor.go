package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"guichet/internal/clamav"
	"guichet/internal/config"
	"guichet/internal/files"
	"guichet/internal/portal"
	"guichet/internal/postgres"
)

// DoctorCmd checks an installation.
type DoctorCmd struct{}

// Help lists every setting.
func (*DoctorCmd) Help() string {
	var b stringWriter
	fmt.Fprintln(&b, "Settings, as environment variables. A secret NAME can be given as NAME_FILE, a file that holds it.")
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	for _, s := range config.Describe() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.Name, s.Default, s.Meaning)
	}
	_ = w.Flush() // into memory
	return string(b)
}

type stringWriter []byte

func (s *stringWriter) Write(p []byte) (int, error) {
	*s = append(*s, p...)
	return len(p), nil
}

var _ kong.HelpProvider = (*DoctorCmd)(nil)

// errSick makes the exit status tell what the lines above it said.
var errSick = errors.New("something is wrong")

// Run says what is wrong and how to mend it. Errors: errSick.
func (*DoctorCmd) Run(ctx context.Context) error {
	cfg, err := config.Load(os.Environ())
	ok := check(os.Stdout, "configuration reads", err, "")
	if !ok {
		return errSick
	}
	ok = check(os.Stdout, "configuration is enough to serve", cfg.ForServing(), "") && ok
	if cfg.DatabaseURL != "" {
		ok = checkDatabase(ctx, os.Stdout, cfg) && ok
	}
	if ok && cfg.DatabaseURL != "" {
		ok = checkConnectors(ctx, os.Stdout, cfg) && ok
	}
	if cfg.EntraClientID != "" {
		ok = checkMicrosoft(ctx, os.Stdout, cfg) && ok
	}
	ok = checkFiles(ctx, os.Stdout, cfg) && ok
	if !ok {
		return errSick
	}
	return nil
}

// checkFiles keeps a file and asks the scanner whether it is there.
func checkFiles(ctx context.Context, w io.Writer, cfg config.Config) bool {
	u := cfg.FilesURL
	where, mend := u.Scheme+"://"+u.Host, "which must let it put, get, delete and list"
	switch u.Scheme {
	case "file":
		where, mend = u.Path, "let the user that serves write there, or set STATE_DIR or FILES_URL to a folder of his"
	case "s3":
		mend = "check the bucket's name, region and endpoint in FILES_URL, and AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or another identity of Amazon's, " + mend
	case "azblob":
		mend = "check the container's name in FILES_URL, and AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY, or another identity of Azure's, " + mend
	}
	bucket, err := files.At(ctx, u)
	if err == nil {
		err = bucket.Check(ctx)
	}
	ok := check(w, "files can be kept in "+where, err, mend)
	if cfg.ClamAVAddr == "" {
		fmt.Fprintln(w, "off     virus scanning: set CLAMAV_ADDR to have files looked through")
		return ok
	}
	c, err := clamav.At(cfg.ClamAVAddr)
	if err == nil {
		err = c.Check(ctx)
	}
	return check(w, fmt.Sprintf("the virus scanner answers, and takes files of up to %d MB", cfg.ClamAVMax), err, "start clamd and let the user that serves use its socket; until it answers, files wait and nobody can open them") && ok
}

// checkMicrosoft asks for a token of the one tenant that is our own. Customers'
// tenants have their state on the desk's pages.
func checkMicrosoft(ctx context.Context, w io.Writer, cfg config.Config) bool {
	_, status := portal.Microsoft(cfg)
	if cfg.AzureTenant == "" {
		fmt.Fprintln(w, "off     Azure's public status: set AZURE_TENANT to read it")
		return true
	}
	return check(w, "Microsoft gives a token for AZURE_TENANT", status.Check(ctx),
		"check ENTRA_CLIENT_ID, ENTRA_CLIENT_SECRET and its expiry, ENTRA_AUTHORITY and AZURE_URL, and that the application exists in that tenant")
}

func checkDatabase(ctx context.Context, w io.Writer, cfg config.Config) bool {
	db, err := postgres.Open(ctx, cfg.DatabaseURL.Reveal(), 1)
	if !check(w, "DATABASE_URL is one", err, "write it as postgres://guichet_app:…@host:5432/guichet") {
		return false
	}
	defer db.Close()
	if !check(w, "the database answers", db.Ping(ctx), "check host, port, password and network") {
		return false
	}
	migrated, err := db.Migrated(ctx)
	if err == nil && !migrated {
		err = errors.New("tables are missing")
	}
	ok := check(w, "the tables are there", err, "run guichet migrate with DATABASE_OWNER_URL")
	err = db.CheckRole(ctx)
	return check(w, "the serving role is held by row-level security", err, "connect as guichet_app: no superuser, no bypassrls, owner of nothing") && ok
}

func check(w io.Writer, what string, err error, mend string) bool {
	if err == nil {
		fmt.Fprintln(w, "ok     ", what)
		return true
	}
	fmt.Fprintln(w, "WRONG  ", what+":", err)
	if mend != "" {
		fmt.Fprintln(w, "        to mend it:", mend)
	}
	return false
}
