package desk

import (
	"net/netip"
	"slices"
)

// IsPublic tells an address of the public network from those beside us, which
// whoever names a server to us must not reach through us.
func IsPublic(a netip.Addr) bool {
	a = a.Unmap()
	within := func(p netip.Prefix) bool { return p.Contains(a) }
	if a.Is4() {
		return !slices.ContainsFunc(reserved4, within)
	}
	return a.Zone() == "" && global6.Contains(a) && !slices.ContainsFunc(reserved6, within)
}

// From IANA's registries of special-purpose addresses. Of IPv6 only the part
// in use for the public network counts, less what carries an IPv4 address
// inside: translation through 6to4 or Teredo could lead anywhere.
var (
	reserved4 = prefixes(
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
		"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"168.63.129.16/32", // Azure's own, reachable from any virtual machine there
	)
	global6   = netip.MustParsePrefix("2000::/3")
	reserved6 = prefixes("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}
