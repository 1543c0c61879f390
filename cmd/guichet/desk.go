package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/portal"
	"guichet/internal/postgres"
)

// DeskCmd opens a desk: the first thing a real installation needs; or it removes one.
type DeskCmd struct {
	Slug     string `arg:"" help:"The desk's part of its addresses, such as alpine."`
	Name     string `help:"The partner's name, as customers read it."`
	Tenant   string `help:"The partner's own Microsoft tenant id."`
	Admin    string `help:"E-mail of the first admin, as his tenant knows it."`
	Language string `default:"fr" enum:"fr,en" help:"The desk's language."`
	Zone     string `default:"Europe/Paris" help:"The desk's time zone."`
	Remove   bool   `help:"Remove the desk with all its rows and files, for good. Asks for its name in addresses once more."`
}

// Help tells what each way needs.
func (*DeskCmd) Help() string {
	return `To open a desk, say --name, --tenant and --admin; it connects with DATABASE_URL.

To remove one, say --remove; it connects with DATABASE_OWNER_URL, since the portal itself cannot, and erases the desk's files where FILES_URL keeps them. Nothing brings it back: let an admin of the desk take an export first. What it shared with a desk that it handed requests on to, or took them from, goes there too; tickets made of them stay. Backups are not touched.`
}

// Run opens the desk and invites its admin, or removes it.
func (c *DeskCmd) Run(ctx context.Context) error {
	if c.Remove {
		return c.remove(ctx, os.Stdin, os.Stdout)
	}
	for name, value := range map[string]string{"--name": c.Name, "--tenant": c.Tenant, "--admin": c.Admin} {
		if value == "" {
			return fmt.Errorf("a new desk needs --name, --tenant and --admin: %s is missing", name)
		}
	}
	cfg, log, err := settings()
	if err != nil {
		return err
	}
	p, err := portal.Build(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer p.DB.Close()
	d, err := desk.NewDesk(c.Slug, c.Name, c.Language, c.Zone)
	if err != nil {
		return err
	}
	if err := p.App.OpenDesk(ctx, d, c.Tenant, c.Admin, 1); err != nil {
		return err
	}
	fmt.Printf("%s/%s is open; %s comes in at his first sign-in.\n", cfg.BaseURL, c.Slug, c.Admin)
	return nil
}

// remove erases rows, then bytes: what is left of these if it is cut off in between is
// erased by removing the desk's folder in the bucket.
func (c *DeskCmd) remove(ctx context.Context, in io.Reader, out io.Writer) error {
	cfg, log, err := settings()
	if err != nil {
		return err
	}
	if err := cfg.ForMigrating(); err != nil {
		return err
	}
	if err := confirmed(c.Slug, in, out); err != nil {
		return err
	}
	id, rows, err := postgres.RemoveDesk(ctx, cfg.DatabaseOwnerURL.Reveal(), c.Slug)
	if errors.Is(err, desk.ErrNotFound) {
		return fmt.Errorf("%s: there is no such desk", c.Slug)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is removed: %d rows.\n", c.Slug, rows)
	p, err := portal.Build(ctx, cfg, log)
	if err != nil {
		return fmt.Errorf("its files are left, in the folder %s of the bucket: %w", id, err)
	}
	defer p.DB.Close()
	if err := p.App.RemoveFiles(ctx, id); err != nil {
		return fmt.Errorf("some of its files are left, in the folder %s of the bucket: %w", id, err)
	}
	fmt.Fprintln(out, "Its files are erased.")
	return nil
}

// confirmed asks for the desk's name once more. Errors: another answer.
func confirmed(slug string, in io.Reader, out io.Writer) error {
	fmt.Fprintf(out, "This removes the desk %s with everything in it, for good. Type its name in addresses to go on: ", slug)
	typed, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if strings.TrimSpace(typed) != slug {
		return errors.New("that is not its name: nothing was removed")
	}
	return nil
}
