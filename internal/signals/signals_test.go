package signals

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func said(in Input) []string {
	return holding(Read(in), "said_")
}

func holding(f Facts, prefix string) []string {
	var names []string
	for name, value := range f.Map() {
		if value == true && strings.HasPrefix(name, prefix) {
			names = append(names, strings.TrimPrefix(name, prefix))
		}
	}
	slices.Sort(names)
	return names
}

func TestConceptsInAllLanguages(t *testing.T) {
	t.Parallel()
	for concept, texts := range map[string][]string{
		"third_party": {"the vendor confirms a fault", "extension d'un éditeur tiers", "Plug-in eines Drittanbieters", "un complemento de terceros", "un componente di terze parti", "plugin de terceiros", "een partij: derde partij"},
		"threat":      {"phishing mail", "tentative d’hameçonnage", "verdächtige Mail", "correo sospechoso", "un messaggio sospetto", "mensagem suspeita", "verdachte mail"},
		"billing":     {"the invoice is wrong", "la FACTURE est fausse", "die Rechnung stimmt nicht", "la factura", "la fattura", "a fatura", "de factuur"},
		"outage":      {"the service is unavailable", "tout est inaccessible", "Teams ist nicht erreichbar", "no funciona el correo", "non funziona", "não funciona", "Teams is niet bereikbaar"},
		"unchanged":   {"we have not changed anything", "nous n'avons rien changé", "wir haben nichts geändert", "sin cambios", "nessuna modifica", "nada foi alterado", "niets gewijzigd"},
	} {
		for _, text := range texts {
			if got := said(Input{Body: text}); !slices.Contains(got, concept) {
				t.Errorf("%q says %v, not %s", text, got, concept)
			}
		}
	}
}

func TestNegationTurnsOrCancels(t *testing.T) {
	t.Parallel()
	for text, c := range map[string]struct{ has, hasNot string }{
		"Ce n'est pas une panne":                     {hasNot: "outage"},
		"Dies ist kein Ausfall":                      {hasNot: "outage"},
		"It is not an outage":                        {hasNot: "outage"},
		"C'est une panne":                            {has: "outage"},
		"Ce n'est pas un mot de passe":               {hasNot: "credentials"},
		"Not our fault, the service is down":         {has: "outage"},
		"The rule was not changed by the customer":   {has: "unchanged", hasNot: "own_change"},
		"The rule was changed by the customer":       {has: "own_change", hasNot: "unchanged"},
		"could not be reproduced in a clean tenant":  {hasNot: "reproduced"},
		"We could reproduce it in a clean tenant":    {has: "reproduced"},
		"aucun changement fait par le client depuis": {has: "unchanged"},
	} {
		got := said(Input{Body: text})
		if c.has != "" && !slices.Contains(got, c.has) {
			t.Errorf("%q says %v, without %s", text, got, c.has)
		}
		if c.hasNot != "" && slices.Contains(got, c.hasNot) {
			t.Errorf("%q says %v, with %s", text, got, c.hasNot)
		}
	}
}

func TestQuotedMailIsNotRead(t *testing.T) {
	t.Parallel()
	const now, old = "Le partage ne marche plus.", "la facture est fausse"
	for name, header := range map[string]string{
		"angle brackets": "\n\n> ",
		"French":         "\n\nLe lun. 2 mars 2026 à 10:00, Support <s@x.example> a écrit :\n",
		"English":        "\n\nOn Mon, 2 Mar 2026, Support wrote:\n",
		"German":         "\n\nAm Mo., 2. März 2026 um 10:00 Uhr schrieb Support <s@x.example>:\n",
		"Spanish":        "\n\nEl lun, 2 mar 2026, Support escribió:\n",
		"Italian":        "\n\nIl giorno lun 2 mar 2026 Support ha scritto:\n",
		"Portuguese":     "\n\nEm seg., 2 de mar. de 2026, Support escreveu:\n",
		"Dutch":          "\n\nOp ma 2 mrt 2026 schreef Support:\n",
		"Outlook":        "\n\nDe : Support\nEnvoyé : lundi 2 mars 2026\n",
		"a line":         "\n\n-----Original Message-----\n",
	} {
		if got := said(Input{Body: now + header + old}); slices.Contains(got, "billing") {
			t.Errorf("%s: the quotation was read: %v", name, got)
		}
	}
	if got := said(Input{Body: "> " + old}); !slices.Contains(got, "billing") {
		t.Errorf("a mail that is all quotation says %v", got)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	ticket := Input{Subject: "Pas de mails", Body: "Plus aucun accès à la messagerie Outlook depuis 9 h.", Service: "Exchange Online", Region: "francecentral"}
	issue := KnownIssue{Service: "Exchange Online", Classification: "incident", Status: "serviceDegradation", Title: "Users cannot access their mailboxes"}
	for name, c := range map[string]struct {
		change func(*Input, *KnownIssue)
		fact   string
	}{
		"same service, symptom and place": {func(*Input, *KnownIssue) {}, "covers"},
		"the geography holds the region":  {func(_ *Input, k *KnownIssue) { k.Region = "europe" }, "covers"},
		"another region":                  {func(_ *Input, k *KnownIssue) { k.Region = "japaneast" }, "elsewhere"},
		"another region, named in title":  {func(_ *Input, k *KnownIssue) { k.Title += " in North America" }, "elsewhere"},
		"restored":                        {func(_ *Input, k *KnownIssue) { k.Status = "serviceRestored" }, "restored"},
		"another service":                 {func(_ *Input, k *KnownIssue) { k.Service = "Power BI" }, "unrelated"},
		"the suite stands for its parts":  {func(_ *Input, k *KnownIssue) { k.Service = "Microsoft 365 suite" }, "covers"},
		"the suite is not Azure":          {func(in *Input, k *KnownIssue) { in.Service, k.Service = "Azure SQL Database", "Microsoft 365 suite" }, "unrelated"},
		"advisory about something else":   {func(_ *Input, k *KnownIssue) { k.Classification, k.Title = "advisory", "Thumbnails missing in Photos" }, "unrelated"},
		"advisory about the same thing": {func(in *Input, k *KnownIssue) {
			in.Body, k.Classification, k.Title = "The calendar of rooms shows wrong availability", "advisory", "Calendar availability is wrong for rooms"
		}, "covers"},
		"many others complain of the same": {func(in *Input, k *KnownIssue) { in.Body, in.Subject, in.SimilarLastHour = "Bonjour, au secours", "", 9 }, "covers"},
	} {
		in, known := ticket, issue
		c.change(&in, &known)
		in.KnownIssue = &known
		if got := holding(Read(in), "issue_"); !slices.Equal(got, []string{c.fact}) {
			t.Errorf("%s: %v, want %s", name, got, c.fact)
		}
	}
}

func TestFindingsWeigh(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		findings []Finding
		similar  int
		own      bool
		service  bool
	}{
		"an own cause":                        {[]Finding{{Text: "certificate expired"}}, 0, true, false},
		"one step is not enough":              {[]Finding{{Text: "reproduced in test tenant"}}, 0, false, false},
		"one step and many others":            {[]Finding{{Text: "reproduced in test tenant"}}, 6, false, true},
		"two steps":                           {[]Finding{{Text: "reproduced in test tenant"}, {Text: "roles checked"}}, 0, false, true},
		"in doubt the partner":                {[]Finding{{Text: "reproduced in test tenant"}, {Text: "certificate expired"}}, 0, true, false},
		"a settled part does not count":       {[]Finding{{Text: "licence part done by partner"}}, 0, false, false},
		"by kind: ruled out and reproduced":   {[]Finding{{Kind: "local_cause", Result: "ruled_out"}, {Kind: "reproduced", Result: "confirmed"}}, 0, false, true},
		"documentation differs: not a limit":  {[]Finding{{Text: "documented behaviour differs"}, {Text: "not in service health"}}, 0, false, true},
		"nothing told":                        {[]Finding{{Text: "  "}}, 9, false, false},
		"three steps that found no own cause": {[]Finding{{Text: "alpha"}, {Text: "beta"}, {Text: "gamma"}}, 0, false, true},
	} {
		f := Read(Input{Findings: c.findings, SimilarLastHour: c.similar})
		if f.has("own_prevails") != c.own || f.has("service_prevails") != c.service {
			t.Errorf("%s: own %t, service %t; %v", name, f.has("own_prevails"), f.has("service_prevails"), holding(f, "found_"))
		}
	}
}

func TestEvidenceKeepsTheWords(t *testing.T) {
	t.Parallel()
	f := Read(Input{Body: "Bonjour, notre FACTURE de mars est fausse.", Findings: []Finding{{Text: "Panne signalée par plusieurs clients"}}})
	for name, want := range map[string]Evidence{
		"said_billing":            {Source: FromText, Quote: "FACTURE"},
		"found_several_customers": {Source: FromFinding, Quote: "Panne signalée par plusieurs clients"},
		"said_threat":             {},
	} {
		if got := f.Evidence(name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	got := Read(Input{Body: "AADSTS50166, EX123456 and EX123456, 550 5.7.705, correlation 8f14e45f-ceea-467f-9575-1b2c3d4e5f60, ABC123"}).Map()["ids"]
	want := []string{"AADSTS50166", "EX123456", "5.7.705", "8f14e45f-ceea-467f-9575-1b2c3d4e5f60"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestLanguageIsDetected(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"fr": "Bonjour, nous ne pouvons plus ouvrir les fichiers", "en": "we cannot open the files of our team", "de": "wir können die Dateien nicht öffnen",
		"es": "no podemos abrir los archivos del equipo", "it": "non riusciamo ad aprire gli archivi della sede", "pt": "não conseguimos abrir os arquivos do time", "nl": "wij kunnen de bestanden niet openen", "": "12 %",
	} {
		if got := Read(Input{Body: text}).Map()["language"]; got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		region, body, want string
	}{
		{"westeurope", "", "westeurope"}, {"West Europe", "", "westeurope"}, {"", "Depuis ce matin en Suisse", "switzerland"}, {"", "East US 2 is slow", "eastus2"},
		{"moon-base", "in Germany", "moon-base"}, {"", "nowhere", ""},
	} {
		if got := Read(Input{Region: c.region, Body: c.body}).Map()["region"]; got != c.want {
			t.Errorf("region %q, text %q: %q, want %q", c.region, c.body, got, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"L'état du réseau":           {"l", "etat", "du", "reseau"},
		"We don’t, isn't":            {"we", "dont", "isnt"},
		"Aujourd'hui, qu'est-ce":     {"aujourd", "hui", "qu", "est", "ce"},
		"5.7.705 at 10.30. Straße":   {"5.7.705", "at", "10.30", "strasse"},
		"œuvre e\u0301te\u0301 \x00": {"oeuvre", "ete"},
		"Ünïcode\u200btext":          {"unicodetext"},
	} {
		if got := wordTexts(split(clean(text))); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestLexiconRefusesWhatItCannotMatch(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"phrase before a concept", "[c]\n~ word", "[c]\nword ~", "[c]\nword? other", "[c]\na*"} {
		if newLexicon().parse(text) == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestPhrasesStayWithinASentence(t *testing.T) {
	t.Parallel()
	l := newLexicon()
	if err := l.parse("[c]\nred|blue very? ~ house*"); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"the red house": 1, "blue, old and very small houses": 1, "red. House": 0, "red one two three four five house": 0, "red very house": 1,
	} {
		if got := len(l.find(split(text))); got != want {
			t.Errorf("%q: %d hits, want %d", text, got, want)
		}
	}
}

func TestEveryConceptIsAFactTwice(t *testing.T) {
	t.Parallel()
	values := Read(Input{}).Map()
	for _, concept := range append(slices.Clone(ownSigns), serviceSigns...) {
		for _, prefix := range []string{"said_", "found_"} {
			if values[prefix+concept] != false {
				t.Errorf("%s%s is %v in an empty ticket", prefix, concept, values[prefix+concept])
			}
		}
	}
}

func TestReadingIsDeterministicAndKeepsTheFacts(t *testing.T) {
	t.Parallel()
	blank := Read(Input{}).Map()
	rapid.Check(t, func(t *rapid.T) {
		in := Input{Subject: rapid.String().Draw(t, "subject"), Body: rapid.String().Draw(t, "body"), Service: rapid.String().Draw(t, "service"),
			Region: rapid.String().Draw(t, "region"), Findings: []Finding{{Text: rapid.String().Draw(t, "finding")}},
			KnownIssue: &KnownIssue{Title: rapid.String().Draw(t, "title")}, SimilarLastHour: rapid.Int().Draw(t, "similar")}
		first, second := Read(in).Map(), Read(in).Map()
		if !reflect.DeepEqual(first, second) {
			t.Fatal("the same ticket was read in two ways")
		}
		if len(first) != len(blank) {
			t.Fatalf("%d facts, want %d", len(first), len(blank))
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("Pas de réseau", "Bonjour,\n\n> old\nOn Monday x wrote:\nno", "not in service health", "Users can't connect")
	f.Add("\x00\xff’", strings.Repeat("a.'b ", 50), "5.7.705", "d'Ünï\u0301")
	f.Fuzz(func(t *testing.T, subject, body, finding, title string) {
		facts := Read(Input{Subject: subject, Body: body, Findings: []Finding{{Text: finding}}, KnownIssue: &KnownIssue{Title: title}})
		for name := range facts.Map() {
			if q := facts.Evidence(name).Quote; !utf8.ValidString(q) {
				t.Errorf("the evidence for %s is no text: %q", name, q)
			}
		}
	})
}

// A fact that a person set right counts in all that is computed from it.
func TestCorrectionsComeFirst(t *testing.T) {
	t.Parallel()
	in := Input{Subject: "Mail", Body: "No mail arrives.", Findings: []Finding{{Text: "looked around"}, {Text: "and again"}}}
	if f := Read(in); f.Map()["own_prevails"] == true || f.Map()["own_signs"] != int64(0) {
		t.Fatalf("before: %v", f.Map())
	}
	in.Corrections = map[string]any{"found_local_cause": true, "affected": "one_user", "nothing": true, "similar": "many"}
	f := Read(in)
	if f.Map()["own_prevails"] != true || f.Map()["own_signs"] != int64(1) || f.Map()["affected"] != "one_user" || f.Map()["similar"] != int64(0) {
		t.Errorf("own_prevails %v, own_signs %v, affected %v, similar %v", f.Map()["own_prevails"], f.Map()["own_signs"], f.Map()["affected"], f.Map()["similar"])
	}
	if got := f.Evidence("found_local_cause").Source; got != FromPerson {
		t.Errorf("the corrected fact comes from %q", got)
	}
	in.Corrections["own_prevails"] = false
	if Read(in).Map()["own_prevails"] != false {
		t.Error("what a person says of a computed fact does not hold")
	}
}
