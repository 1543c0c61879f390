package app

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"

	"guichet/internal/desk"
)

// ticketTag is what an address or a Message-ID of ours says of a ticket, before
// anything is believed of it. The person that it was made for is in the code alone:
// whoever believes it must say whom he takes it to be for.
type ticketTag struct {
	desk   desk.ID
	number int64
	letter desk.ID // of a Message-ID; Nobody of an address
	mac    []byte
}

// The longest local part is 64 (RFC 5321, section 4.5.3.1.1): 6 + 27 + 1 + 13 + 1 + 16.
const ticketMark = "t"

// ticketAddress is where one person's answers about a ticket go.
func (s Sealer) ticketAddress(domain string, of desk.ID, number int64, person desk.ID) string {
	return "reply+" + s.ticketWords(ticketTag{desk: of, number: number}, person) + "@" + domain
}

// letterName is the Message-ID, without what follows the @, of a letter about a ticket.
func (s Sealer) letterName(letter, of desk.ID, number int64, person desk.ID) string {
	return letter.String() + "." + s.ticketWords(ticketTag{desk: of, number: number, letter: letter}, person)
}

func (s Sealer) ticketWords(t ticketTag, person desk.ID) string {
	return ticketMark + replyEncoding.EncodeToString(t.desk[:]) + "." + strconv.FormatInt(t.number, 10) + "." + replyEncoding.EncodeToString(ticketMAC(s.key, t, person))
}

func ticketMAC(key [32]byte, t ticketTag, person desk.ID) []byte {
	m := hmac.New(sha256.New, key[:])
	m.Write([]byte("about a ticket "))
	m.Write(t.desk[:])
	m.Write(binary.BigEndian.AppendUint64(nil, uint64(t.number)))
	m.Write(person[:])
	m.Write(t.letter[:])
	return m.Sum(nil)[:replyMACLen]
}

// readTicketAddress reads an address, wherever it was written.
func readTicketAddress(address string) (ticketTag, bool) {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	words, ok := strings.CutPrefix(local, "reply+"+ticketMark)
	if !ok {
		return ticketTag{}, false
	}
	return readTicketWords(words)
}

// readLetterName reads a Message-ID of ours.
func readLetterName(id, host string) (ticketTag, bool) {
	local, at, _ := strings.Cut(strings.ToLower(id), "@")
	letter, words, ok := strings.Cut(local, "."+ticketMark)
	if !ok || at != host {
		return ticketTag{}, false
	}
	t, ok := readTicketWords(words)
	if !ok {
		return ticketTag{}, false
	}
	var err error
	t.letter, err = desk.ParseID(letter)
	return t, err == nil
}

func readTicketWords(words string) (ticketTag, bool) {
	parts := strings.Split(words, ".")
	if len(parts) != 3 {
		return ticketTag{}, false
	}
	id, err1 := replyEncoding.DecodeString(parts[0])
	n, err2 := strconv.ParseInt(parts[1], 10, 64)
	mac, err3 := replyEncoding.DecodeString(parts[2])
	if err1 != nil || err2 != nil || err3 != nil || len(id) != len(desk.ID{}) || len(mac) != replyMACLen || n <= 0 {
		return ticketTag{}, false
	}
	return ticketTag{desk: desk.ID(id), number: n, mac: mac}, true
}

// madeFor tells, in constant time, whether we made a tag for a person, by today's key
// or an earlier one.
func (s Sealer) madeFor(t ticketTag, person desk.ID) bool {
	fits := hmac.Equal(t.mac, ticketMAC(s.key, t, person))
	for _, key := range s.old {
		fits = hmac.Equal(t.mac, ticketMAC(key, t, person)) || fits
	}
	return fits
}
