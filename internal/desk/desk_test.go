package desk

import "testing"

func TestIssuerSpeaksPlainHTTPOnThisMachineOnly(t *testing.T) {
	t.Parallel()
	for issuer, want := range map[string]bool{
		"https://login.example.com/realms/a": true, "http://127.0.0.1:5556/dex": true, "http://[::1]:5556": true,
		"http://login.example.com": false, "http://10.0.0.1": false, "http://127.0.0.1.example.com": false, "http://me@127.0.0.1": false,
		"https://me@login.example.com": false, "ftp://127.0.0.1": false, "login.example.com": false, "https://": false,
	} {
		d, err := NewDesk("alpine", "Alpine", "fr", "Europe/Paris")
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.With(DeskSettings{Name: d.Name, Language: d.Language, Zone: d.Zone, Issuer: issuer, ClientID: "guichet"})
		if (err == nil) != want {
			t.Errorf("%s: %v", issuer, err)
		}
	}
}
