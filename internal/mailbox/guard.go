package mailbox

import (
	"errors"
	"net/netip"
	"syscall"

	"guichet/internal/desk"
)

var errPrivate = errors.New("an address of a private network")

// guard refuses, once the name is an address, what no server of a mailbox on the
// Internet has: whoever sets a mailbox up must not reach what stands beside us.
func (c Config) guard(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := at.Addr().Unmap()
	if c.Private && ip.IsLoopback() {
		return nil
	}
	if !desk.IsPublic(ip) {
		return errPrivate
	}
	return nil
}
