package demo

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// An account is the user that Postgres runs as.
type account struct {
	name       string
	uid, gid   uint32
	credential *syscall.Credential // nil when it is the user we run as
}

// serverAccount is the user we run as, or for root, which Postgres refuses,
// the user postgres or else nobody.
func serverAccount() (account, error) {
	if os.Geteuid() != 0 {
		return accountOf(uint32(os.Geteuid()), uint32(os.Getegid())), nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil {
			return account{}, fmt.Errorf("user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			return account{}, fmt.Errorf("user %s: %w", name, err)
		}
		return accountOf(uint32(uid), uint32(gid)), nil
	}
	return account{}, errors.New("Postgres refuses to run as root, and this machine has neither a user postgres nor a user nobody")
}

// ownerOf is the user that the existing directory belongs to.
func ownerOf(dir string) (account, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return account{}, fmt.Errorf("home of the private Postgres: %w", err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	if euid := os.Geteuid(); euid != 0 && uint32(euid) != stat.Uid {
		return account{}, fmt.Errorf("%s belongs to another user: run as that user or remove it", dir)
	}
	return accountOf(stat.Uid, stat.Gid), nil
}

func accountOf(uid, gid uint32) account {
	a := account{name: strconv.Itoa(int(uid)), uid: uid, gid: gid}
	if found, err := user.LookupId(a.name); err == nil {
		a.name = found.Username
	}
	if uint32(os.Geteuid()) != uid {
		a.credential = &syscall.Credential{Uid: uid, Gid: gid}
	}
	return a
}

// reaches says whether the account may pass through dir and all above it.
func (a account) reaches(dir string) bool {
	if a.credential == nil {
		return true
	}
	for {
		info, err := os.Stat(dir)
		if err != nil {
			return false
		}
		stat := info.Sys().(*syscall.Stat_t)
		pass := os.FileMode(0o001)
		switch {
		case stat.Uid == a.uid:
			pass = 0o100
		case stat.Gid == a.gid:
			pass = 0o010
		}
		if info.Mode().Perm()&pass == 0 {
			return false
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return true
		}
		dir = parent
	}
}

// makeDir makes a directory that only the account may enter.
func (a account) makeDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("home of the private Postgres: %w", err)
	}
	if err := os.Chown(dir, int(a.uid), int(a.gid)); err != nil {
		return fmt.Errorf("home of the private Postgres: %w", err)
	}
	return nil
}

// writeFile writes a file that only the account may read.
func (a account) writeFile(path, content string) error {
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		return err
	}
	return os.Chown(path, int(a.uid), int(a.gid))
}

// outsideHome is where the data go when the account cannot reach the state
// directory, as for a project kept under /root. One for each state directory.
func outsideHome(dir string) string {
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join("/var/lib/guichet-demo", fmt.Sprintf("%x", sum[:8]))
}
