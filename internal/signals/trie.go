package signals

// trie finds, in one walk along a word, the phrases that the word, or a beginning of it, opens.
type trie struct{ nodes []trieNode }

type trieNode struct {
	next      [letters]int32 // 0: none, as no node leads back to the first
	whole     []int          // phrases opened by the word that ends here
	beginning []int          // phrases opened by any word that begins so
}

// letters are those that folded words are made of, and one place for all others together.
const letters = 26 + 10 + 2

func letter(c byte) int {
	switch {
	case 'a' <= c && c <= 'z':
		return int(c - 'a')
	case '0' <= c && c <= '9':
		return 26 + int(c-'0')
	case c == '.' || c == '_' || c == '-':
		return 36
	}
	return 37
}

func newTrie() trie { return trie{nodes: make([]trieNode, 1)} }

func (t *trie) add(word string, phrase int, beginning bool) {
	node := 0
	for i := range len(word) {
		to := t.nodes[node].next[letter(word[i])]
		if to == 0 {
			to = int32(len(t.nodes))
			t.nodes[node].next[letter(word[i])] = to
			t.nodes = append(t.nodes, trieNode{})
		}
		node = int(to)
	}
	if n := &t.nodes[node]; beginning {
		n.beginning = append(n.beginning, phrase)
	} else {
		n.whole = append(n.whole, phrase)
	}
}
