"""What `huiyin bench python` compares with: jieba words, TF-IDF and a linear support vector machine of scikit-learn.

One argument: seconds to measure for. Standard input: posts as JSON lines with `text` and `class`, the class being what to
learn. Standard output: one JSON object, rates in posts per second of processor time. Learning is not timed; predicting
takes all posts at once, which suits scikit-learn best.
"""

import json
import sys
import time

try:
    import jieba
    import sklearn
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC
except ImportError as error:
    print(f"{sys.executable}: {error}", file=sys.stderr)
    sys.exit(3)


def rate(seconds, posts, work):
    started, done = time.process_time(), 0
    while done == 0 or time.process_time() - started < seconds:
        work()
        done += posts
    return done / (time.process_time() - started)


def main():
    seconds = float(sys.argv[1])
    posts = [json.loads(line) for line in sys.stdin]
    texts = [post["text"] for post in posts]
    classes = [post["class"] for post in posts]
    if len(set(classes)) < 2:
        classes = [str(number % 2) for number in range(len(posts))]
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    words = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    model = LinearSVC().fit(words.fit_transform(texts), classes)
    cut = rate(seconds, len(texts), lambda: [jieba.lcut(text) for text in texts])
    whole = rate(seconds, len(texts), lambda: model.predict(words.transform(texts)))
    versions = f"Python {sys.version.split()[0]}, jieba {jieba.__version__}, scikit-learn {sklearn.__version__}"
    print(json.dumps({"cut": cut, "whole": whole, "versions": versions, "classes": len(set(classes))}))


main()
