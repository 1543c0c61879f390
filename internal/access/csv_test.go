package access

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestReadCSV(t *testing.T) {
	t.Parallel()
	f := ReadCSV("\ufeffClient;Relationship ID;Nom;Rôles;Fin;Auto extend;Azure role;Revendeur;Premium;Couleur\n" +
		"lumen.onmicrosoft.com;2AB1A9AC-c0f1-4b18-a7b0-0d35e9cf1d27-4f5b9d83-6d3a-4f54-9b27-9f5d8b8a4f0e;Assistance;Service Support Administrator|global reader;2026-12-31;oui;Owner;oui;P1;bleu\n" +
		"\n" +
		"Papeterie;;;;;;aucun;;;\n" +
		";;x;;;;;;;\n" +
		"A;;B;No Such Role;03/04/2026;perhaps;;;;\n" +
		"C;;D;;31/12/2026;;;;;\n" +
		"E;;;;;;;;;\n" +
		"\"broken;x\n")
	if len(f.Problems) > 0 || len(f.Lines) != 7 || strings.Join(f.Unread, ",") != "Couleur" {
		t.Fatalf("%+v", f)
	}
	first := f.Lines[0]
	if len(first.Problems) > 0 || first.Number != 2 || first.AzureRole != AzureOwner || first.Reseller != Yes || first.EntraPremium != Yes || !first.Relationship.AutoExtend ||
		len(first.Relationship.Roles) != 2 || !IsRelationshipID(first.Relationship.ID) || first.Relationship.Status != "active" || !first.Relationship.EndsAt.Equal(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v %+v", first, first.Relationship)
	}
	for i, want := range []string{"", "", "no_customer", "role,date_either,word", "", "says_nothing", "quotes"} {
		var keys []string
		for _, p := range f.Lines[i].Problems {
			keys = append(keys, p.Key)
		}
		if got := strings.Join(keys, ","); got != want {
			t.Errorf("line %d: %s, want %s", f.Lines[i].Number, got, want)
		}
	}
	if second := f.Lines[1]; second.Number != 4 || second.Relationship != nil || second.AzureRole != AzureNone {
		t.Errorf("%+v", second)
	}
	for text, key := range map[string]string{"": "empty", "\xff": "encoding", "a;b\n1;2": "header", "customer;name": "empty", "name,status\nx,active": "header"} {
		if f := ReadCSV(text); len(f.Problems) != 1 || f.Problems[0].Key != key {
			t.Errorf("%q: %+v, want %s", text, f.Problems, key)
		}
	}
}

func TestALongFile(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("customer,name,ends\n")
	for i := range MostLines {
		fmt.Fprintf(&b, "c%d,n,2027-01-01\n", i)
	}
	if f := ReadCSV(b.String()); len(f.Lines) != MostLines || len(f.Problems) != 0 {
		t.Errorf("%d lines, %+v", len(f.Lines), f.Problems)
	}
	b.WriteString("one more,n,2027-01-01\n")
	if f := ReadCSV(b.String()); len(f.Lines) != MostLines || len(f.Problems) != 1 || f.Problems[0].Key != "too_many" {
		t.Errorf("%d lines, %+v", len(f.Lines), f.Problems)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add("customer;name;ends\nA;B;2027-01-01\n\"x")
	f.Add("client,roles,azure\nA,\"Global Reader, x\",Owner\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range ReadCSV(text).Lines {
			if l.Number < 1 || len(l.Problems) == 0 && (l.Customer == "" || l.Relationship != nil && l.Relationship.ID != "" && ApprovalLink(l.Relationship.ID) == "") {
				t.Fatalf("%+v", l)
			}
		}
	})
}
