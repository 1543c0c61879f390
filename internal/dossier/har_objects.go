package dossier

// node is a value that is kept in memory until it is judged as a whole: a header, a cookie, a
// body.
type node struct {
	token
	keys  []string // of an object, beside its values
	items []*node
}

const maxNodes = 20_000 // values of one object that is kept

// whole says whether the object at the path has to be known before it can be judged.
func whole(path []string) bool {
	key := last(path)
	if key == "postData" || key == "content" {
		return true
	}
	if key != "[]" || len(path) < 2 {
		return false
	}
	return paired[path[len(path)-2]]
}

// paired are the arrays of names with values.
var paired = map[string]bool{"headers": true, "cookies": true, "queryString": true, "params": true}

// object reads one such object, judges it and writes it.
func (s *scrubber) object(path []string) error {
	budget := budget{bytes: maxObject, nodes: maxNodes}
	n, err := s.collect(token{kind: '{'}, &budget, len(path))
	if err != nil {
		return err
	}
	return s.writeNode(n, path)
}

// budget is what may still be kept of one object.
type budget struct{ bytes, nodes int }

func (s *scrubber) collect(t token, left *budget, depth int) (*node, error) {
	n := &node{token: t}
	left.bytes -= t.size
	if left.nodes--; left.nodes < 0 || depth > maxDepth {
		return nil, notHAR("an object without end")
	}
	if t.kind == '"' && left.bytes < 0 {
		n.text, n.long = "", true
	}
	switch t.kind {
	case '{':
		for first := true; ; first = false {
			key, done, err := s.key(first)
			if err != nil || done {
				return n, err
			}
			if err := s.child(n, left, depth); err != nil {
				return nil, err
			}
			n.keys = append(n.keys, key)
		}
	case '[':
		return n, s.children(n, left, depth)
	case '"', 'v':
		return n, nil
	}
	return nil, notHAR("no value where one begins")
}

func (s *scrubber) child(n *node, left *budget, depth int) error {
	t, err := s.want()
	if err != nil {
		return err
	}
	item, err := s.collect(t, left, depth+1)
	n.items = append(n.items, item)
	return err
}

func (s *scrubber) children(n *node, left *budget, depth int) error {
	for first := true; ; first = false {
		t, err := s.want()
		if err != nil || t.kind == ']' && (first || len(n.items) > 0) {
			return err
		}
		if !first {
			if t.kind != ',' {
				return notHAR("no comma in an array")
			}
			if t, err = s.want(); err != nil {
				return err
			}
		}
		item, err := s.collect(t, left, depth+1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
}

// member is a string of the object; "" when it has none of that name.
func (n *node) member(key string) string {
	for i, k := range n.keys {
		if k == key {
			return n.items[i].text
		}
	}
	return ""
}

// writeNode writes a kept value, each string judged by where it stands.
func (s *scrubber) writeNode(n *node, path []string) error {
	switch n.kind {
	case 'v':
		return s.number(last(path), n.raw)
	case '"':
		return s.write(s.text(last(path), n.token))
	case '[':
		s.out.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				s.out.WriteByte(',')
			}
			if err := s.writeNode(item, append(path, "[]")); err != nil {
				return err
			}
		}
		return s.out.WriteByte(']')
	}
	s.out.WriteByte('{')
	for i, key := range n.keys {
		if i > 0 {
			s.out.WriteByte(',')
		}
		if err := s.write(key); err != nil {
			return err
		}
		s.out.WriteByte(':')
		if err := s.writeMember(n, n.items[i], append(path, key)); err != nil {
			return err
		}
	}
	return s.out.WriteByte('}')
}

// writeMember writes a member of an object that is known as a whole: the value of a name, or a
// body of a type.
func (s *scrubber) writeMember(of, item *node, path []string) error {
	key := last(path)
	if item.kind != '"' || item.long || !whole(path[:len(path)-1]) {
		return s.writeNode(item, path)
	}
	array := ""
	if len(path) >= 3 && path[len(path)-2] == "[]" {
		array = path[len(path)-3]
	}
	switch {
	case key == "value" && array == "cookies":
		return s.write(s.pair("cookie", item.text))
	case key == "value" && array != "":
		return s.write(s.pair(of.member("name"), item.text))
	case key == "text" && array == "":
		return s.write(s.body(of.member("mimeType"), of.member("encoding"), item.text))
	}
	return s.write(s.prose(item.text))
}
