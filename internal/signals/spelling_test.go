package signals

import "testing"

func TestMisspeltWordsAreRead(t *testing.T) {
	t.Parallel()
	for written, fact := range map[string]string{
		"Teams est indisponnible depuis ce matin":             "said_outage",
		"Teams est indisponbile depuis ce matin":              "said_outage",
		"my pasword and the athenticator are gone":            "said_credentials",
		"Our autentificateur is lost":                         "said_credentials",
		"the third parti plugin, unofficil":                   "said_third_party",
		"Le service est inacessible":                          "said_outage",
		"Das Postfach wurde versehentlch geloscht von jemand": "said_restore",
	} {
		if Read(Input{Body: written}).Map()[fact] != true {
			t.Errorf("%q does not say %s: %v", written, fact, holding(Read(Input{Body: written}), "said_"))
		}
	}
}

func TestWordsThatAreKnownStay(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{"indisponnible": "indisponible", "unavailable": "unavailable", "unavailible": "unavailable", "xylophone": "xylophone",
		"short": "short", "navailable": "navailable", "vulnreability": "vulnerability"} {
		if got := spelling().meant(written); got != want {
			t.Errorf("%s is read as %s, want %s", written, got, want)
		}
	}
}
