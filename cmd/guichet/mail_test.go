package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"guichet/internal/inbound"
)

func TestMailSaysWhatADeskMakesOfIt(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	raw := "From: =?utf-8?Q?L=C3=A9a?= <Lea@Lumen.example>\r\nTo: support@alpine.example\r\nSubject: Re: Boîte\r\nMessage-ID: <a@lumen.example>\r\n" +
		"Content-Type: text/plain; charset=utf-8\r\n\r\nOui & non.\r\n\r\nLe 12/03/2026 à 10:02, Support <support@alpine.example> a écrit :\r\n> Est-ce bon ?\r\n"
	if err := readMail(strings.NewReader(raw), &out); err != nil {
		t.Fatal(err)
	}
	want := `{"from":"lea@lumen.example","to":["support@alpine.example"],"cc":[],"subject":"Re: Boîte","message_id":"a@lumen.example","in_reply_to":[],"references":[],` +
		`"text":"Oui & non.","quoted":"Le 12/03/2026 à 10:02, Support <support@alpine.example> a écrit :\nEst-ce bon ?","html":false,"automatic":"no",` +
		`"forwarded_from":null,"attachments":[],"problems":[]}` + "\n"
	if out.String() != want {
		t.Errorf("answered\n%s want\n%s", out.String(), want)
	}
}

// Scripts read the fields by name and may read them in order.
func TestMailKeepsItsFields(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(inbound.Summary(inbound.Message{Attachments: []inbound.Part{{}}}))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for decoder := json.NewDecoder(bytes.NewReader(data)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if name, text := token.(string); text && name != "" && name != "no" {
			names = append(names, name)
		}
	}
	want := strings.Fields("from to cc subject message_id in_reply_to references text quoted html automatic forwarded_from attachments name type bytes inline problems")
	if !slices.Equal(names, want) {
		t.Errorf("fields %q, want %q", names, want)
	}
}

func TestMailRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := readMail(strings.NewReader("hello\n"), &out); !errors.Is(err, inbound.ErrUnreadable) || out.Len() > 0 {
		t.Errorf("%v, %q", err, out.String())
	}
	if err := readMail(strings.NewReader(strings.Repeat("x", inbound.MaxRaw+1)), &out); !errors.Is(err, inbound.ErrTooLarge) || out.Len() > 0 {
		t.Errorf("%v, %q", err, out.String())
	}
}
