"""Scrapy's settings for every crawl, each with its unit and reason; a profile sets its source's own pace.

Ours begin with MURAGAT_ and may be given with `scrapy crawl … -s NAME=VALUE`; MURAGAT_CONTACT,
MURAGAT_CHROMIUM, MURAGAT_LOG_FORMAT and those of the disk and of locks also as environment variables.
"""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("muragat")
except PackageNotFoundError:  # a checkout that was never installed still crawls
    VERSION = "0"

MIB = 1024 * 1024

# --- ours
MURAGAT_ARCHIVE = None  # the archive's folder; None: environment, then ./muragat-archive
MURAGAT_ALLOW_PRIVATE = False  # whether loopback and private networks may be asked; for demo and tests
MURAGAT_CONTACT = os.environ.get("MURAGAT_CONTACT", "")  # an e-mail or page where publishers reach the owner
# The program that renders articles of sources with `render = true`; empty: chromium, chromium-browser or
# google-chrome, whichever is found first
MURAGAT_CHROMIUM = os.environ.get("MURAGAT_CHROMIUM", "")
# How logs of crawls are written: "text", or "json" for one object a line
MURAGAT_LOG_FORMAT = os.environ.get("MURAGAT_LOG_FORMAT", "text")
MURAGAT_WORKERS = max(1, min(4, (os.cpu_count() or 2) - 1))  # processes that clean pages
MURAGAT_CLEANING_SECONDS = 30  # a page that takes longer ends its worker and becomes a row
# MiB that stay free on the disks of news.db and pages.db: below that nothing more is fetched. What is under
# way then still fits: 64 MiB of answers in work, twice (log and file), and what tidying the index takes.
MURAGAT_DISK_RESERVE_MIB = os.environ.get("MURAGAT_DISK_RESERVE_MIB", "256")
# Seconds a crawl waits for room before it ends with exit code 6; less than a lease, so that nobody takes it
# for one that hangs.
MURAGAT_DISK_PATIENCE_SECONDS = os.environ.get("MURAGAT_DISK_PATIENCE_SECONDS", "600")
# Seconds a crawl waits for another program that has locked the archive, a backup perhaps; then exit code 5.
MURAGAT_LOCK_PATIENCE_SECONDS = os.environ.get("MURAGAT_LOCK_PATIENCE_SECONDS", "300")
# MiB of a database's write-ahead log from which on a crawl warns: a program that reads for long keeps it.
MURAGAT_LOG_WARNING_MIB = os.environ.get("MURAGAT_LOG_WARNING_MIB", "256")

# --- the project
BOT_NAME = "muragat"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
# Says who asks; with a contact, publishers can say what they do not want.
USER_AGENT = f"Muragat/{VERSION} (news archive{'; ' + MURAGAT_CONTACT if MURAGAT_CONTACT else ''})"
ROBOTSTXT_USER_AGENT = "Muragat"

# --- manners
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one request at a time; a profile may say otherwise
DOWNLOAD_DELAY = 1.0  # seconds between two requests to a host; a profile may say otherwise
DOWNLOAD_DELAY_JITTER = 0  # never below the stated delay
ROBOTSTXT_OBEY = False  # ours obeys it as RFC 9309 says: crawler/fetching/robots.py
RETRY_TIMES = 2  # at once; after that the frontier waits minutes to days
RETRY_HTTP_CODES = [408, 500, 502, 504, 522, 524]  # 429 and 503: crawler/fetching/waiting.py
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # given up is no error: the address stays on the list
REDIRECT_MAX_TIMES = 9  # the tenth is refused: crawler/fetching/redirects.py
METAREFRESH_ENABLED = False  # a page's own jumps are the page's business
REFERRER_POLICY = "no-referrer"  # nobody needs to know what named an address
COOKIES_ENABLED = False  # no state of one visit reaches another
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
}

# --- limits
DOWNLOAD_MAXSIZE = 32 * MIB  # bytes after decompression; sitemaps get 64 MiB
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60  # seconds for the whole answer
CONCURRENT_ITEMS = 1  # a page has one article; Scrapy makes as many tasks for each answer: 0.7 ms for 100
CONCURRENT_REQUESTS = 16  # of one source; the host's own limit is lower
MURAGAT_UNREAD_AT_MOST = 0  # answers of one source that are not kept yet, before more is asked; 0: any number
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 64 * MIB  # bytes of answers in work before new ones wait
DNS_TIMEOUT = 20  # seconds

# --- safety
DOWNLOAD_VERIFY_CERTIFICATES = True
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
HTTPPROXY_ENABLED = False  # a proxy would hide the address really connected to
TWISTED_DNS_RESOLVER = "crawler.fetching.public_addresses.PublicAddressResolver"
DOWNLOAD_HANDLERS = {
    "http": "crawler.fetching.http_client.StrictDownloadHandler",
    "https": "crawler.fetching.http_client.StrictDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}

# --- parts
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the archive knows what was asked
DOWNLOADER = "crawler.fetching.pausing.PausingDownloader"  # asks nothing that there is no room to keep
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # drops without telling the spider
    "crawler.fetching.on_site.OnSiteMiddleware": 50,
    "crawler.fetching.taken_down.TakenDownMiddleware": 55,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # keeps what is cut off
    "crawler.fetching.decoding.DecodingMiddleware": 590,
    "crawler.fetching.redirects.RedirectsMiddleware": 610,  # before Scrapy's (600) follows
    "crawler.fetching.certificates.CertificatesMiddleware": 620,
    "crawler.fetching.robots.RobotsMiddleware": 100,
    "crawler.fetching.waiting.WaitingMiddleware": 545,  # outside Retry (550): sees what it gave up
    "crawler.fetching.mining.MiningMiddleware": 110,  # after robots.txt allowed the article itself
    "crawler.fetching.pacing.PaceMiddleware": 950,  # innermost: what it lets pass is sent
    "crawler.fetching.keeping.KeepingMiddleware": 60,  # last to see an answer before the spider does
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # drops without telling the spider
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
ITEM_PIPELINES = {"crawler.pipelines.archive.ArchivePipeline": 300}
EXTENSIONS = {
    "scrapy.extensions.memusage.MemoryUsage": None,
    "crawler.runs.log_files.LogCleaning": 0,
}

# --- logs
LOG_LEVEL = "INFO"
LOG_FORMATTER = "crawler.runs.logs.PlainLogFormatter"
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
