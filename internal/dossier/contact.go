package dossier

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// minPhone is how many digits a number that can be dialled has at least.
const minPhone = 6

// contact fills a field of whom the target answers. The target's engineer must reach the partner
// and nobody else: a value with an address of a customer is refused, whoever gave it.
func (b *builder) contact(key string) found {
	c := b.in.Contact
	f := found{from: "contact", at: -1}
	switch key {
	case "contact_name":
		f.value = c.Name
	case "contact_email":
		f.value = c.Email
	case "contact_phone":
		f.value = c.Phone
	case "contact_zone":
		f.value = c.Zone
	case "contact_language":
		f.value = c.Language
	case "contact_country":
		f.value = c.Country
	case "contact_others":
		f.value = strings.Join(filled(slices.Clone(c.Extra)...), ", ")
	case "contact_night":
		f.value = strings.Join(filled(c.Night.Name, c.Night.Phone), ", ")
	}
	if answer := oneLine(b.in.Answers[key]); answer != "" {
		f.value, f.from = answer, "answer"
	}
	if holdsAddressOf(f.value, b.customerDomains()) {
		return found{problem: "dossier.problem.customer_contact", at: -1}
	}
	return f
}

// night is who is reachable round the clock, if that can be dialled.
func (b *builder) night() string {
	if answer := b.in.Answers["contact_night"]; answer != "" {
		return b.contact("contact_night").value
	}
	if digits(b.in.Contact.Night.Phone) < minPhone {
		return ""
	}
	return b.contact("contact_night").value
}

func (b *builder) customerDomains() []string {
	var domains []string
	for _, c := range append([]Customer{b.in.Customer}, b.in.Others...) {
		domains = append(append(domains, c.InitialDomain), c.Domains...)
	}
	return foldedDomains(domains)
}

func (b *builder) partnerDomains() []string {
	var domains []string
	for _, email := range append([]string{b.in.Contact.Email}, b.in.Contact.Extra...) {
		if at := strings.LastIndex(email, "@"); at >= 0 {
			domains = append(domains, email[at+1:])
		}
	}
	return foldedDomains(domains)
}

func foldedDomains(domains []string) []string {
	for i, d := range domains {
		domains[i] = strings.Trim(foldAddress(d), ".@ ")
	}
	return filled(domains...)
}

// foldAddress makes look-alikes alike: full-width letters, capitals, invisible characters.
func foldAddress(s string) string {
	return strings.ToLower(norm.NFKC.String(oneLine(clean(s))))
}

var addressed = regexp.MustCompile(`@\s*([\pL\pN._-]+)`)

// holdsAddressOf says whether the text has an address of one of the domains or below them.
func holdsAddressOf(text string, domains []string) bool {
	if len(domains) == 0 || text == "" {
		return false
	}
	for _, match := range addressed.FindAllStringSubmatch(foldAddress(text), -1) {
		host := strings.Trim(match[1], "._-")
		for _, d := range domains {
			if host == d || strings.HasSuffix(host, "."+d) {
				return true
			}
		}
	}
	return false
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if '0' <= r && r <= '9' {
			n++
		}
	}
	return n
}
