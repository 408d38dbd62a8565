"""What of a page the keyboard does not reach, and where it does not show that it is."""

from playwright.sync_api import Page

# One of a group of radio buttons stands for all: the arrow keys lead to the others.
_WATCH = """() => {
    const name = it => `${it.outerHTML.slice(0, 160)}`
    const seen = new Set(), dim = []
    document.addEventListener("focusin", ({target: it}) => {
        seen.add(it)
        const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(it)
        if ((outlineStyle === "none" || outlineWidth === "0px") && boxShadow === "none") dim.push(it)
    })
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    const wanted = all.filter(it => !it.disabled && it.checkVisibility({visibilityProperty: true}))
    const group = it => it.type === "radio" ? [...seen].some(each => each.name === it.name) : seen.has(it)
    window.focusFaults = () => [
        ...wanted.filter(it => !group(it)).map(it => `not reached: ${name(it)}`),
        ...dim.filter(it => wanted.includes(it)).map(it => `shows no focus: ${name(it)}`),
    ]
    return wanted.length
}"""
_AROUND = 8  # the browser's own stops between the last of a page and its first


def faults_of(page: Page) -> list[str]:
    """After as many tabs as it has stops."""
    stops = page.evaluate(_WATCH)
    for _ in range(stops + _AROUND):
        page.keyboard.press("Tab")
    return list(page.evaluate("window.focusFaults()"))
