package desk

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// phrases are what made-up tickets say: section → language → subject and body.
type phrases map[string]map[string][][2]string

// readPhrases reads files of them; a section of a later file takes the place of an earlier one's.
func readPhrases(t testing.TB, files ...string) phrases {
	t.Helper()
	all, section := phrases{}, ""
	for _, file := range files {
		data, err := os.ReadFile("testdata/incidents/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "[") {
				section = strings.Trim(line, "[]")
				all[section] = map[string][][2]string{}
			} else if parts := strings.SplitN(line, "|", 3); len(parts) == 3 && !strings.HasPrefix(line, "#") {
				lang := strings.TrimSpace(parts[0])
				all[section][lang] = append(all[section][lang], [2]string{strings.TrimSpace(parts[1]), strings.TrimSpace(parts[2])})
			}
		}
	}
	return all
}

// made is a stream that was made up, with what is true of it.
type made struct {
	name      string
	customers int
	tickets   []SurgeTicket
	incidents []truth
	lookalike string
}

type truth struct {
	service, place string
	wide           bool
	members        map[string]bool
	customers      int
}

type maker struct {
	*rand.Rand
	words   phrases
	homes   []home
	made    *made
	midnite time.Time
	next    int
}

// home is a customer's place and language.
type home struct{ place, azure, geography, language string }

var homesAre = []struct {
	home
	weight int
}{
	{home{"europe", "westeurope", "europe", "en"}, 18}, {home{"europe", "northeurope", "europe", "es"}, 6}, {home{"europe", "westeurope", "europe", "fr"}, 12},
	{home{"france", "francecentral", "europe", "fr"}, 20}, {home{"germany", "germanywestcentral", "europe", "de"}, 14}, {home{"uk", "uksouth", "europe", "en"}, 8},
	{home{"italy", "italynorth", "europe", "it"}, 5}, {home{"spain", "spaincentral", "europe", "es"}, 4}, {home{"netherlands", "westeurope", "europe", "nl"}, 4},
	{home{"portugal", "westeurope", "europe", "pt"}, 2}, {home{"northamerica", "eastus", "northamerica", "en"}, 7}, {home{"asia", "southeastasia", "asia", "en"}, 4},
}

var (
	madeNames = []string{"Noor", "Tiago", "Birgit", "Amélie", "Ewan", "Giulia", "Pilar", "Joris", "Mme Petit", "Herr Kern"}
	asides    = map[string][]string{
		"en": {"We rebooted everything.", "Please call me back.", "A colleague has the same.", "It was fine yesterday.", "Screenshot enclosed.", "We have a deadline at 5 pm."},
		"fr": {"On a tout redémarré.", "Merci de me rappeler.", "Un collègue a la même chose.", "Hier tout allait bien.", "Copie d'écran en pièce jointe.", "C'est pressé."},
		"de": {"Wir haben alles neu gestartet.", "Bitte rufen Sie zurück.", "Ein Kollege hat das auch.", "Gestern war alles gut.", "Bildschirmfoto liegt bei."},
		"es": {"Hemos reiniciado todo.", "Llámenme, por favor.", "A un compañero le pasa igual."}, "it": {"Abbiamo riavviato tutto.", "Richiamatemi per favore."},
		"pt": {"Já reiniciámos tudo.", "Liguem-me por favor."}, "nl": {"We hebben alles herstart.", "Graag terugbellen."},
	}
	hourWeights = [24]float64{1, 1, 1, 1, 1, 1.5, 3, 8, 20, 20, 12, 8, 8, 9, 12, 12, 8, 4, 2, 1.5, 1.5, 1, 1, 1}
)

func newMaker(words phrases, seed uint64, customers int, weekday time.Weekday) *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 7)), words: words, made: &made{customers: customers},
		midnite: time.Date(2024, 1, 7+int(weekday), 0, 0, 0, 0, time.UTC)}
	for range customers {
		n := m.IntN(104)
		for _, h := range homesAre {
			if n -= h.weight; n < 0 {
				m.homes = append(m.homes, h.home)
				break
			}
		}
		if len(m.homes) == 0 || n >= 0 {
			m.homes = append(m.homes, homesAre[0].home)
		}
	}
	return m
}

// write adds a ticket of a section at t seconds, and returns its id.
func (m *maker) write(section string, customer int, t float64, service string) string {
	h := m.homes[customer%len(m.homes)]
	said := m.words[section][h.language]
	language := h.language
	if len(said) == 0 {
		language = "en"
		if said = m.words[section]["en"]; len(said) == 0 {
			for _, l := range []string{"fr", "de", "es"} {
				if said = m.words[section][l]; len(said) > 0 {
					language = l
					break
				}
			}
		}
	}
	p := said[m.IntN(len(said))]
	return m.put(p[0], p[1], language, customer, t, service)
}

func (m *maker) put(subject, body, language string, customer int, t float64, service string) string {
	h := m.homes[customer%len(m.homes)]
	clock := fmt.Sprintf("%d:%02d", max(int(t)-600, 0)/3600, max(int(t)-600, 0)/60%60)
	fill := strings.NewReplacer("{N}", fmt.Sprint(4+m.IntN(90)), "{T}", clock, "{P}", madeNames[m.IntN(len(madeNames))])
	subject, body = fill.Replace(subject), fill.Replace(body)
	if aside := asides[language]; m.IntN(3) == 0 && len(aside) > 0 {
		body += " " + aside[m.IntN(len(aside))]
	}
	if m.IntN(12) == 0 {
		subject = strings.ToUpper(subject)
	}
	if m.IntN(8) == 0 {
		body = strings.NewReplacer("é", "e", "è", "e", "ü", "u", "ä", "a", "the ", "teh ").Replace(body)
	}
	region := h.place
	if strings.HasPrefix(service, "Azure") {
		region = h.azure
	} else if m.IntN(10) == 0 {
		region = h.geography
	}
	m.next++
	id := fmt.Sprintf("T%05d", m.next)
	m.made.tickets = append(m.made.tickets, SurgeTicket{ID: id, Customer: fmt.Sprintf("C%d", customer), At: m.midnite.Add(time.Duration(t * float64(time.Second))),
		Service: service, Region: region, Subject: subject, Body: body})
	return id
}

var backgrounds = []struct {
	service string
	weight  int
}{{"Exchange Online", 20}, {"Microsoft Teams", 10}, {"SharePoint Online", 14}, {"Microsoft Entra", 14}, {"Microsoft 365 Apps", 18}, {"Licensing and billing", 16}, {"Unknown", 9}, {"Azure Virtual Machines", 2}}

// ordinary fills a day with what desks are usually written.
func (m *maker) ordinary(busy float64) {
	n := int(float64(m.made.customers)*0.33*busy + m.NormFloat64()*math.Sqrt(float64(m.made.customers)*0.33))
	for range max(n, 0) {
		at := m.IntN(103)
		for _, b := range backgrounds {
			if at -= b.weight; at < 0 {
				service := b.service
				if m.IntN(12) == 0 {
					service = "Unknown"
				}
				m.write("background/"+b.service, m.IntN(m.made.customers), m.hour(), service)
				break
			}
		}
	}
}

// hour is a moment of an ordinary day.
func (m *maker) hour() float64 {
	sum := 0.0
	for _, w := range hourWeights {
		sum += w
	}
	at := m.Float64() * sum
	for h, w := range hourWeights {
		if at -= w; at < 0 {
			return float64(h)*3600 + m.Float64()*3600
		}
	}
	return 12 * 3600
}

// those lists customers of a place or of what it holds, in a random order.
func (m *maker) those(place string) []int {
	var all []int
	for i, h := range m.homes {
		if place == "" || h.place == place || h.geography == place || h.azure == place {
			all = append(all, i)
		}
	}
	m.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// strike makes an incident: so many customers, from start on, most within spread seconds.
func (m *maker) strike(service, place string, customers int, start, spread float64) {
	g := truth{service: service, place: place, members: map[string]bool{}, wide: service == ""}
	names := []string{"Exchange Online", "Microsoft Teams", "SharePoint Online", "Azure Virtual Machines", "Unknown", "Microsoft 365 suite"}
	for _, c := range m.those(place)[:min(customers, len(m.those(place)))] {
		t := start + 120 + m.ExpFloat64()*spread/2
		if t > 86_000 {
			continue
		}
		section, form := "incident/"+service, service
		if g.wide {
			section, form = "network", names[m.IntN(len(names))]
		} else if n := m.IntN(100); n < 9 {
			form = "Unknown"
		} else if n < 15 {
			form = map[string]string{"Exchange Online": "Microsoft 365 Apps", "SharePoint Online": "OneDrive for Business"}[service]
			form = cmp.Or(form, map[bool]string{true: "Azure", false: "Microsoft 365 suite"}[strings.HasPrefix(service, "Azure")])
		}
		id := m.write(section, c, t, form)
		g.members[id], g.customers = true, g.customers+1
		first := m.made.tickets[len(m.made.tickets)-1]
		if m.IntN(3) == 0 && t < 80_000 {
			h := m.homes[c]
			more := m.words["more"][h.language]
			if len(more) > 0 {
				p := more[m.IntN(len(more))]
				g.members[m.put(strings.TrimSpace(p[0]+" "+first.Subject), p[1], h.language, c, t+600+m.Float64()*5000, form)] = true
			}
		}
		if m.IntN(8) == 0 && t < 80_000 { // a touched customer's other business
			m.write("background/Licensing and billing", c, t+m.Float64()*4000, "Licensing and billing")
		}
	}
	m.made.incidents = append(m.made.incidents, g)
}

// resemble makes a wave that is no incident.
func (m *maker) resemble(what string, customers int, start, spread float64) {
	m.made.lookalike = what
	service := map[string]string{"password": "Microsoft Entra", "licence": "Licensing and billing", "phishing": "Exchange Online", "printer": "Other", "provider": "Unknown",
		"rumour": "Microsoft Teams", "flood": "Exchange Online"}[what]
	place := ""
	if what == "provider" {
		place = []string{"france", "germany", "uk"}[m.IntN(3)]
	}
	those := m.those(place)
	for i := range min(customers, len(those)) {
		c := those[i]
		if what == "flood" {
			c = those[0]
		}
		m.write("lookalike/"+what, c, min(start+m.ExpFloat64()*spread/2, 86_000), service)
	}
}

// done puts the tickets in the order of their time.
func (m *maker) done(name string) made {
	slices.SortStableFunc(m.made.tickets, func(a, b SurgeTicket) int { return a.At.Compare(b.At) })
	m.made.name = name
	return *m.made
}
