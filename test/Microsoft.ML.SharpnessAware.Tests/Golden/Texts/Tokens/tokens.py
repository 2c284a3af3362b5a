"""Writes two small vocabularies and tokens.json: the ids of many texts, by a straight reading of how Hugging Face's fast tokenizers work.

    cd Golden/Texts/Tokens && python3 tokens.py        (written with Python 3.11, Unicode 14; no package is needed)

WordPiece follows tokenizers' normalizers/bert.rs, pre_tokenizers/bert.rs and models/wordpiece; byte-level BPE follows
pre_tokenizers/byte_level.rs and the loop of GPT-2's encoder.py, which merges one pair at a time. Special tokens in a
text are text. Ids have no special tokens around them.
"""
import collections
import json
import os
import random
import unicodedata

category = unicodedata.category


# White_Space of Unicode, as Rust's char::is_whitespace.
def is_space(c):
    return c in "\t\n\v\f\r\x85" or category(c) in ("Zs", "Zl", "Zp")


# --- BERT

def is_ideograph(c):
    ranges = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
              (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]
    return any(low <= ord(c) <= high for low, high in ranges)


def is_punctuation(c):
    return c in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" or category(c)[0] == "P"


def bert_words(text, lower):
    kept = [c for c in text if c in "\t\n\r" or not (c == "\ufffd" or category(c) in ("Cc", "Cf", "Co"))]
    text = "".join(" " if is_space(c) else f" {c} " if is_ideograph(c) else c for c in kept)
    if lower:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if category(c) != "Mn")
        text = "".join(c.lower() for c in text)
    text = "".join(f" {c} " if is_punctuation(c) else c for c in text)
    return ["".join(word) for word in split_at_space(text)]


def split_at_space(text):
    word = []
    for c in text + " ":
        if not is_space(c):
            word.append(c)
        elif word:
            yield word
            word = []


def word_pieces(word, vocabulary):
    if len(word) > 100:
        return [vocabulary["[UNK]"]]
    pieces, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                break
        else:
            return [vocabulary["[UNK]"]]
        pieces.append(vocabulary[piece])
        start = end
    return pieces


# --- GPT-2

def kind(c):
    if category(c)[0] in "LN":
        return category(c)[0]
    return "space" if is_space(c) else "other"


def gpt_words(text):
    words, at = [], 0
    while at < len(text):
        end = next((at + len(s) for s in ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d") if text.startswith(s, at)), None)
        if end is None:
            first = at + 1 if text[at] == " " and at + 1 < len(text) and kind(text[at + 1]) != "space" else at
            end = first
            while end < len(text) and kind(text[end]) == kind(text[first]):
                end += 1
            if kind(text[first]) == "space" and end < len(text) and end - at > 1:
                end -= 1
        words.append(text[at:end])
        at = end
    return words


def byte_characters():
    visible = [*range(33, 127), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in visible]
    return {**{b: chr(b) for b in visible}, **{b: chr(256 + i) for i, b in enumerate(others)}}


CHARACTER = byte_characters()


def merge(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        if tuple(symbols[i:i + 2]) == pair:
            merged.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
    return merged


def byte_pairs(word, ranks):
    symbols = [CHARACTER[b] for b in word.encode()]
    while True:
        pairs = [pair for pair in zip(symbols, symbols[1:]) if pair in ranks]
        if not pairs:
            return symbols
        symbols = merge(symbols, min(pairs, key=ranks.get))


def learn_merges(texts, count):
    words = collections.Counter(word for text in texts for word in gpt_words(text))
    split = {word: [CHARACTER[b] for b in word.encode()] for word in words}
    merges = []
    while len(merges) < count:
        pairs = collections.Counter()
        for word, times in words.items():
            for pair in zip(split[word], split[word][1:]):
                pairs[pair] += times
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        split = {word: merge(symbols, best) for word, symbols in split.items()}
    return merges


# --- Texts

TEXTS = [
    "", " ", " \t\r\n ", "Hello, world!", "I'll say: don't, we've, it's HE'S", "a\nb\tc\r\nd", "  two  spaces ", "tail   ",
    "$5.00 + 3 = 8 < 9 ^ ~`|", "snake_case-word@example.com http://x.y/z?q=1#f", "Ünïcödé naïve café cafe\u0301 Ångström",
    "İstanbul ıSPARTA ẞtraße ﬁne ΟΔΟΣ Ωmega Kelvin", "中文字符 and English混合", "ひらがな カタカナ ガギグ 漢字かな交じり文。",
    "한국어 텍스트", "ภาษาไทยง่ายนิดเดียว", "हिन्दी में पाठ", "العربية مُشَكَّلَة", "עברית שָׁלוֹם", "Việt Nam Tiếng Việt",
    "😀😀 👍🏽 👩‍👩‍👧 ❤️ 🇩🇪 🥰x", "a\u200bb\u00adc\ufeffd\u0000e\u0007f\x1fg", "non\u00a0breaking\u2003em\u2028line\u3000wide\x85nel",
    "[CLS] text [SEP] [PAD] [MASK] [UNK]", "<s> text </s> <pad> <|endoftext|>", "½ ² Ⅷ ٣ ५ １２", "𝒜𝒷 𠀀𠀁 \U0002F800 \uF900 𐐀𐐁",
    "\ue000private \ufffd replacement", "aaaaaaaaaaaaaaaaaaaaaaaaaaa", "x" * 100, "x" * 101, "😀" * 60, "😀" * 100, "😀" * 101, "ab" * 300,
    "The quick brown fox jumps over the lazy dog. The dog sleeps; the fox doesn't.", "¿Qué? ¡Sí! «quote» “smart” ‘single’ — dash…",
]

LEARN = [text for text in TEXTS if len(text) < 100] * 2 + ["the then there other mother another quick quicker the dog the fox"] * 4


def random_texts(count):
    chance = random.Random(1)
    ranges = [(0x20, 0x7F)] * 6 + [(0, 0x20), (0x7F, 0x250), (0x250, 0x600), (0x600, 0x1000), (0x1000, 0x2000), (0x1E00, 0x2000),
              (0x2000, 0x2070), (0x2070, 0x2C00), (0x3000, 0x3100), (0x4E00, 0x4F00), (0xAC00, 0xAD00), (0xF900, 0xFB00),
              (0xFE00, 0xFF00), (0x10400, 0x10500), (0x1D400, 0x1D800), (0x1F300, 0x1F700), (0x2F800, 0x2F900)]
    for _ in range(count):
        text = ""
        while len(text) < 24:
            c = chr(chance.randrange(*chance.choice(ranges)))
            if category(c) != "Cn":
                text += c * chance.choice([1, 1, 1, 2]) + chance.choice(["", "", " "])
        yield text


def main():
    texts = TEXTS + list(random_texts(150))

    letters = sorted({c for text in LEARN for word in bert_words(text, True) + bert_words(text, False) for c in word})
    words = ["the", "quick", "hello", "world", "text", "don", "dog", "fox", "un", "##ing", "##er", "##text", "##lo", "cafe", "Hello", "The"]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + words + letters + ["##" + c for c in letters if c != "z"]
    os.makedirs("bert", exist_ok=True)
    with open("bert/vocab.txt", "w", newline="\n") as file:
        file.write("".join(token + "\n" for token in tokens))
    pieces = {token: i for i, token in enumerate(tokens)}

    merges = learn_merges(LEARN, 250)
    tokens = ["<s>", "<pad>", "</s>", "<unk>"] + sorted(CHARACTER.values()) + [a + b for a, b in merges] + ["<mask>"]
    ids = {token: i for i, token in enumerate(dict.fromkeys(tokens))}
    os.makedirs("roberta", exist_ok=True)
    with open("roberta/vocab.json", "w") as file:
        json.dump(ids, file)
    with open("roberta/merges.txt", "w", newline="\n") as file:
        file.write("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    ranks = {pair: rank for rank, pair in enumerate(merges)}

    rows = [{
        "Text": text,
        "Lower": [i for word in bert_words(text, True) for i in word_pieces(word, pieces)],
        "Cased": [i for word in bert_words(text, False) for i in word_pieces(word, pieces)],
        "BytePairs": [ids[token] for word in gpt_words(text) for token in byte_pairs(word, ranks)],
    } for text in texts]
    with open("tokens.json", "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


main()
