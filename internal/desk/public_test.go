package desk_test

import (
	"net/netip"
	"testing"

	"guichet/internal/desk"
)

func TestIsPublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"20.190.128.1": true, "93.184.216.34": true, "2603:1026:3000::1": true, "::ffff:20.190.128.1": true,
		"127.0.0.1": false, "127.8.8.8": false, "0.0.0.0": false, "10.1.2.3": false, "172.16.0.1": false,
		"172.31.255.255": false, "192.168.1.1": false, "100.64.0.1": false, "169.254.169.254": false,
		"168.63.129.16": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false,
		"ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false,
		"64:ff9b::7f00:1": false, "64:ff9b:1::a00:1": false, "192.0.2.1": false, "198.51.100.7": false, "203.0.113.9": false, "240.0.0.1": false,
		"2002:a9fe:a9fe::": false, "3fff::1": false, "2606:4700::1111": true, "2002:7f00:1::": false, "2001:0:7f00:1::": false, "2001:db8::1": false,
	} {
		if got := desk.IsPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("desk.IsPublic(%s) = %v", address, got)
		}
	}
}
