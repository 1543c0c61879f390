package history

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"guichet/internal/desk"
)

// land is what the companies of one language are made of.
type land struct {
	Share  int      `toml:"share"` // of a hundred companies
	Region string   `toml:"region"`
	Trade  []string `toml:"trade"`
	Family []string `toml:"family"`
	Town   []string `toml:"town"`
	First  []string `toml:"first"`
}

// Client is a customer with its people, its manager first.
type Client struct {
	Customer desk.Customer
	People   []desk.Person
	Language string
}

// languages in which companies are drawn, the most frequent first.
var languages = []string{"fr", "en", "de", "es", "it", "nl"}

// Clients makes count companies with two to six people each. Each has a place
// of its own, counted from first, that settles its name: a desk that has some
// already goes on after them. Errors: what the desk's constructors refuse.
func (b *Book) Clients(seed uint64, d desk.Desk, first, count int, since time.Time) ([]Client, error) {
	clients := make([]Client, count)
	for i := range clients {
		r := rand.New(rand.NewPCG(seed, 1<<40|uint64(first+i)))
		var err error
		if clients[i], err = b.client(r, d, first+i, since); err != nil {
			return nil, err
		}
	}
	return clients, nil
}

func (b *Book) client(r *rand.Rand, d desk.Desk, place int, since time.Time) (Client, error) {
	language := languages[0]
	for at, i := r.IntN(100), 0; i < len(languages); i++ {
		language = languages[i]
		if at -= b.lands[language].Share; at < 0 {
			break
		}
	}
	l := b.lands[language]
	name := l.name(place)
	short := ascii(name)
	c, err := desk.NewCustomer(desk.CustomerSettings{Name: name, Tenant: uuid.NewSHA1(d.ID, []byte(name)).String(), InitialDomain: strings.ReplaceAll(short, "-", "") + ".onmicrosoft.com",
		Domains: short + ".example", Region: l.Region, Relationship: desk.Direct, Priority: r.IntN(12) == 0, OpenDoor: true})
	if err != nil {
		return Client{}, err
	}
	w := writer{rand: r}
	c.ID, c.CreatedAt = w.id(since), since
	client := Client{Customer: c, Language: language}
	for n := range 2 + r.IntN(5) {
		p, err := l.person(r, c, n, since)
		if err != nil {
			return Client{}, err
		}
		p.ID = w.id(since)
		if language == "fr" || language == "en" {
			p.Language = language
		}
		client.People = append(client.People, p)
	}
	return client, nil
}

// name is the company at a place: no two places share one.
func (l land) name(place int) string {
	all := len(l.Trade) * len(l.Family) * len(l.Town)
	round := place / all
	place = place * 7919 % all // a prime that divides none of the lists: each place once a round, neighbours apart
	name := l.Trade[place%len(l.Trade)] + " " + l.Family[place/len(l.Trade)%len(l.Family)] + " " + l.Town[place/len(l.Trade)/len(l.Family)]
	if round > 0 {
		name += " " + strconv.Itoa(round+1)
	}
	return name
}

func (l land) person(r *rand.Rand, c desk.Customer, n int, since time.Time) (desk.Person, error) {
	// People of one company differ by first name, hence by e-mail.
	first := l.First[(n*5+r.IntN(2)*len(l.First)/2)%len(l.First)]
	name := first + " " + pick(r, l.Family)
	role := desk.Contact
	if n == 0 {
		role = desk.Manager
	}
	email := ascii(name) + strconv.Itoa(n+1) + "@" + c.Domains[0]
	p, err := desk.NewPerson(desk.PersonSettings{Name: name, Email: email, Role: role, CustomerID: c.ID})
	p.CreatedAt = since
	return p, err
}

// team is who works at a desk that had nobody.
var team = []string{"Inès Barret", "Hugo Delorme", "Paula Santos", "Nadia Ferhat", "Marc Oudin", "Chloé Vasseur", "Tarek Amrani", "Julie Kern"}

// Team makes the people of a desk that has nobody, its admin first. Errors:
// what the desk's constructors refuse.
func Team(seed uint64, d desk.Desk, since time.Time) ([]desk.Person, error) {
	w := writer{rand: rand.New(rand.NewPCG(seed, 1<<41))}
	people := make([]desk.Person, len(team))
	for i, name := range team {
		role := desk.Agent
		switch i {
		case 0:
			role = desk.Admin
		case 1:
			role = desk.Lead
		}
		first, _, _ := strings.Cut(name, " ")
		p, err := desk.NewPerson(desk.PersonSettings{Name: name, Email: ascii(first) + "@" + d.Slug + ".example", Role: role})
		if err != nil {
			return nil, err
		}
		p.ID, p.CreatedAt = w.id(since), since
		people[i] = p
	}
	return people, nil
}

// ascii writes a name as a part of a domain: small letters, digits and single
// hyphens.
func ascii(name string) string {
	words := strings.FieldsFunc(norm.NFD.String(strings.ToLower(name)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) })
	for i, w := range words {
		words[i] = strings.Map(func(r rune) rune {
			if r < unicode.MaxASCII {
				return r
			}
			return -1
		}, w)
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "-")
}
