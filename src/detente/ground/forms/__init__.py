"""Typed messages in five languages: the same values whatever language they are written in.

A form is a list of numbered fields, each of one kind; its labels and fixed phrases have one id in
all languages and stand in data files, a column a language. `render` writes a message as a text with
a fixed skeleton, `parse` reads one back, whichever language it is in. Free text stays in its
sender's language. Every line of it begins with a mark of its own, so that no text can pass for
another line, and the message's number stands again at the end, so that a text that was cut is seen.
"""
