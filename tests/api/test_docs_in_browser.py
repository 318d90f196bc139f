"""The documentation page in a real browser: it renders under its strict policy, takes a token and tries an example."""

import shutil
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.api.serving import served

_CHROMIUM, _DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
_PATIENCE_SECONDS = 30

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(_CHROMIUM is None or _DRIVER is None, reason="chromium or chromedriver is not installed"),
]


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """The doors on a free port of the loopback interface; recommendations need no database."""
    with served(app) as served_at:
        yield served_at


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """A Chromium without a window that may not leave this machine."""
    options = webdriver.ChromeOptions()
    options.binary_location = _CHROMIUM or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,2400"):
        options.add_argument(argument)
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=_DRIVER))
    yield driver
    driver.quit()


class Page:
    """The documentation page as a reader uses it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self._driver = driver

    def find(self, selector: str) -> WebElement:
        """Wait for an element that can be seen and return it."""
        found = WebDriverWait(self._driver, _PATIENCE_SECONDS).until(lambda _: self._visible(selector))
        assert found is not None
        return found

    def click(self, selector: str) -> None:
        """Click, wherever the page is scrolled to."""
        self._driver.execute_script("arguments[0].click()", self.find(selector))

    def _visible(self, selector: str) -> WebElement | None:
        found = self._driver.find_elements(By.CSS_SELECTOR, selector)
        return next((element for element in found if element.is_displayed()), None)


def test_the_first_example_succeeds_with_a_token(browser: webdriver.Chrome, address: str, token: str) -> None:
    browser.get(f"{address}/docs")
    page = Page(browser)
    page.click("button.authorize")
    page.find(".auth-container input").send_keys(token)
    page.click(".auth-container button[type=submit]")
    page.click(".auth-container button.btn-done")
    browser.get(f"{address}/docs#/Recommendations/recommend")
    browser.refresh()
    page.click("#operations-Recommendations-recommend button.execute")
    assert page.find(".live-responses-table tbody td.response-col_status").text == "200"
    assert '"disposition": "plan"' in page.find(".live-responses-table .highlight-code").text
    assert [entry["message"] for entry in browser.get_log("browser")] == []  # type: ignore[no-untyped-call]
