"""What the public gallery says, in English and German. `word` fills in the braces; `{n?one|other}` follows a number."""

GALLERY_WORDS: dict[str, tuple[str, str]] = {
    "gallery.title": (
        "Gallery",
        "Galerie",
    ),
    "gallery.lead": (
        (
            "Phrases that listeners have bred by rating them, generation after generation. Press play; under each "
            "population stands whose music it comes from."
        ),
        (
            "Phrasen, die viele durch ihre Bewertungen gezüchtet haben, Generation für Generation. Drück auf "
            "Abspielen; bei jeder Population steht, aus wessen Musik sie kommt."
        ),
    ),
    "gallery.empty": (
        "Nothing is shown here yet. A host shows a population from its page in the studio.",
        "Noch wird hier nichts gezeigt. Wer eine Population leitet, zeigt sie von ihrer Seite im Studio aus.",
    ),
    "gallery.older": (
        "Older ones",
        "Ältere",
    ),
    "gallery.counts": (
        (
            "{generations} {generations?generation|generations}, {ratings} {ratings?rating|ratings} by {listeners} "
            "{listeners?listener|listeners}"
        ),
        (
            "{generations} {generations?Generation|Generationen}, {ratings} {ratings?Bewertung|Bewertungen} von "
            "{listeners} {listeners?Person|Personen}"
        ),
    ),
    "gallery.best": (
        "Its best phrases",
        "Ihre besten Phrasen",
    ),
    "gallery.best_how": (
        (
            "What the crowd makes of a phrase is an estimate from 0 to 5, freed of how strict each listener is. The "
            "range holds it with 95% probability. Only generations that have closed are told of."
        ),
        (
            "Was alle zusammen von einer Phrase halten, ist eine Schätzung von 0 bis 5, in der nicht zählt, wie streng "
            "jemand ist. Im genannten Bereich liegt sie zu 95 %. Erzählt wird nur von Generationen, die abgeschlossen "
            "sind."
        ),
    ),
    "gallery.none_yet": (
        "No generation of this population has closed yet. Its best phrases appear here when one has.",
        "Noch ist keine Generation abgeschlossen. Die besten Phrasen erscheinen hier, sobald eine es ist.",
    ),
    "gallery.phrase": (
        "Generation\N{NO-BREAK SPACE}{generation}, phrase\N{NO-BREAK SPACE}{number}",
        "Generation\N{NO-BREAK SPACE}{generation}, Phrase\N{NO-BREAK SPACE}{number}",
    ),
    "gallery.rated": (
        "Rated {mean} of 5, likely between {low} and {high}, by {listeners} {listeners?listener|listeners}.",
        (
            "Bewertet mit {mean} von 5, wahrscheinlich zwischen {low} und {high}, von {listeners} "
            "{listeners?Person|Personen}."
        ),
    ),
    "gallery.descends": (
        "Descends from {founders} {founders?phrase|phrases} of the first generation.",
        "Stammt von {founders} {founders?Phrase|Phrasen} der ersten Generation ab.",
    ),
    "gallery.lived": (
        "Lived on until generation {last}.",
        "Lebte bis Generation {last} weiter.",
    ),
    "gallery.shared": (
        "Shares {notes} {notes?note|notes} in a row with “{piece}”; pieces by people share up to {people}.",
        (
            "Hat {notes} {notes?Note|Noten} am Stück mit „{piece}“ gemeinsam; Stücke von Menschen haben bis zu "
            "{people} miteinander gemeinsam."
        ),
    ),
    "gallery.parents": (
        "Its parents",
        "Ihre Eltern",
    ),
    "gallery.from": (
        "Where it comes from",
        "Woher sie kommt",
    ),
    "gallery.from_ratings": (
        (
            "{ratings} {ratings?rating|ratings} by {listeners} {listeners?listener|listeners} chose whose phrases had "
            "children, {generations} {generations?time|times} over."
        ),
        (
            "{ratings} {ratings?Bewertung|Bewertungen} von {listeners} {listeners?Person|Personen} haben "
            "{generations}-mal entschieden, welche Phrasen Kinder bekamen."
        ),
    ),
    "gallery.from_network": (
        "The first phrases come from the network “{network}”, as it was after epoch {epoch}.",
        "Die ersten Phrasen kommen aus dem Netz „{network}“, wie es nach Epoche {epoch} war.",
    ),
    "gallery.from_rewriter": (
        "Some bars were written anew by the network “{network}”, as it was after epoch {epoch}.",
        "Einige Takte hat das Netz „{network}“ neu geschrieben, wie es nach Epoche {epoch} war.",
    ),
    "gallery.from_chance": (
        "The first phrases were made by chance, within the scale: no network and nobody’s music stands behind them.",
        "Die ersten Phrasen hat der Zufall gemacht, in der Tonleiter: kein Netz und niemandes Musik steht dahinter.",
    ),
    "gallery.learned": (
        "The music that “{network}” learned from",
        "Die Musik, aus der „{network}“ gelernt hat",
    ),
    "gallery.learned_count": (
        "{pieces} {pieces?piece|pieces}",
        "{pieces} {pieces?Stück|Stücke}",
    ),
    "gallery.piece": (
        "Piece",
        "Stück",
    ),
    "gallery.by": (
        "By",
        "Von",
    ),
    "gallery.licence": (
        "Licence",
        "Lizenz",
    ),
    "gallery.more_pieces": (
        "And {more} more.",
        "Und {more} weitere.",
    ),
    "gallery.unnamed": (
        "not named",
        "nicht genannt",
    ),
    "gallery.no_script": (
        "Phrases are played and drawn by your browser, which needs JavaScript for it.",
        "Phrasen spielt und zeichnet dein Browser; dafür braucht er JavaScript.",
    ),
    "gallery.too_often": (
        "Too many pages were asked for from your network at once. Wait {seconds} seconds and load this one again.",
        "Aus deinem Netz kamen zu viele Anfragen auf einmal. Warte {seconds} Sekunden und lade die Seite dann neu.",
    ),
}
