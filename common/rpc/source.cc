#include "common/rpc/source.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/try.h"

namespace usher::rpc {
namespace {

constexpr int kV4Begins = 96;                  // bits of ::ffff:0:0/96
constexpr size_t kLongestWrittenAddress = 45;  // INET6_ADDRSTRLEN without its NUL
constexpr size_t kMostForwarded = 16;          // proxies in a row
constexpr int kCountedBitsOfV6 = 64;           // RFC 6177: what a site has at least

// "192.0.2.1:1234" and "[2001:db8::1]:1234" without the port, which some proxies write (RFC 7239,
// 6.2, for the same in Forwarded).
absl::string_view WithoutPort(absl::string_view text) {
  if (absl::ConsumePrefix(&text, "[")) return text.substr(0, text.find(']'));
  const size_t colon = text.find(':');
  if (colon != absl::string_view::npos && text.find(':', colon + 1) == absl::string_view::npos) {
    return text.substr(0, colon);
  }
  return text;
}

// Of gRPC's "ipv4:127.0.0.1:40000" or "ipv6:%5B::1%5D:40000"; nothing for anything else.
std::optional<IpAddress> AddressOfPeer(absl::string_view peer) {
  if (absl::ConsumePrefix(&peer, "ipv4:")) return IpAddress::Parse(WithoutPort(peer));
  if (!absl::ConsumePrefix(&peer, "ipv6:")) return std::nullopt;
  const std::string unescaped = absl::StrReplaceAll(
      peer.substr(0, 128), {{"%5B", "["}, {"%5b", "["}, {"%5D", "]"}, {"%5d", "]"}, {"%25", "%"}});
  absl::string_view host = WithoutPort(unescaped);
  return IpAddress::Parse(host.substr(0, host.find('%')));  // a link-local one's zone is ours
}

absl::Status NoNetwork(absl::string_view part, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("'", part, "' ", why));
}

}  // namespace

std::optional<IpAddress> IpAddress::Parse(absl::string_view text) {
  if (text.empty() || text.size() > kLongestWrittenAddress) return std::nullopt;
  const std::string zero_ended(text);
  if (zero_ended.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address;
  if (inet_pton(AF_INET6, zero_ended.c_str(), address.bytes_.data()) == 1) return address;
  address.bytes_.fill(0);
  address.bytes_[10] = address.bytes_[11] = 0xff;
  if (inet_pton(AF_INET, zero_ended.c_str(), &address.bytes_[12]) == 1) return address;
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::Of(const sockaddr_storage& name) {
  IpAddress address;
  if (name.ss_family == AF_INET) {
    address.bytes_[10] = address.bytes_[11] = 0xff;
    std::memcpy(&address.bytes_[12], &reinterpret_cast<const sockaddr_in&>(name).sin_addr, 4);
    return address;
  }
  if (name.ss_family != AF_INET6) return std::nullopt;
  std::memcpy(address.bytes_.data(), &reinterpret_cast<const sockaddr_in6&>(name).sin6_addr, 16);
  return address;
}

bool IpAddress::IsV4() const {
  return std::all_of(bytes_.begin(), bytes_.begin() + 10, [](uint8_t b) { return b == 0; }) &&
         bytes_[10] == 0xff && bytes_[11] == 0xff;
}

std::string IpAddress::text() const {
  char text[INET6_ADDRSTRLEN] = "";
  // glibc's inet_ntop writes what RFC 5952 recommends.
  if (IsV4()) {
    inet_ntop(AF_INET, &bytes_[12], text, sizeof(text));
  } else {
    inet_ntop(AF_INET6, bytes_.data(), text, sizeof(text));
  }
  return text;
}

std::string IpAddress::key() const {
  if (IsV4()) return text();
  return absl::StrCat(Prefix(kCountedBitsOfV6).text(), "/", kCountedBitsOfV6);
}

IpAddress IpAddress::Prefix(int bits) const {
  IpAddress prefix;
  for (int i = 0; i < 16; ++i) {
    const int left = std::clamp(bits - i * 8, 0, 8);
    prefix.bytes_[i] = static_cast<uint8_t>(bytes_[i] & (0xff00 >> left));
  }
  return prefix;
}

absl::StatusOr<TrustedProxies> TrustedProxies::Parse(absl::string_view list) {
  TrustedProxies proxies;
  for (absl::string_view part : absl::StrSplit(list, ',', absl::SkipWhitespace())) {
    part = absl::StripAsciiWhitespace(part);
    if (part == "unix") {
      proxies.trusts_unix_ = true;
      continue;
    }
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(part, absl::MaxSplits('/', 1));
    const std::optional<IpAddress> first = IpAddress::Parse(halves.first);
    if (!first.has_value()) return NoNetwork(part, "is no address or network");
    // A mapped network in IPv6 notation counts its bits from the first of 128.
    const bool dotted = !absl::StrContains(halves.first, ':');
    const int most = dotted ? 32 : 128;
    int bits = most;
    if (part.size() != halves.first.size() &&
        (!absl::SimpleAtoi(halves.second, &bits) || bits < 0 || bits > most)) {
      return NoNetwork(part, absl::StrCat("wants a number of bits from 0 to ", most));
    }
    if (dotted) bits += kV4Begins;
    if (!(first->Prefix(bits) == *first)) {
      return NoNetwork(part, "has bits beyond those of its network");
    }
    proxies.networks_.push_back({*first, bits});
  }
  return proxies;
}

bool TrustedProxies::Contains(const IpAddress& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    return address.Prefix(network.bits) == network.first;
  });
}

Source Source::Of(absl::string_view peer, absl::string_view forwarded_for,
                  const TrustedProxies& proxies) {
  Source source;
  source.address_ = AddressOfPeer(peer);
  const bool from_proxy =
      source.address_.has_value() ? proxies.Contains(*source.address_) : proxies.trusts_unix();
  if (!from_proxy) return source;
  for (size_t hops = 0; !forwarded_for.empty() && hops < kMostForwarded; ++hops) {
    const size_t comma = forwarded_for.rfind(',');
    const size_t begin = comma == absl::string_view::npos ? 0 : comma + 1;
    const absl::string_view entry = absl::StripAsciiWhitespace(forwarded_for.substr(begin));
    const std::optional<IpAddress> address = IpAddress::Parse(WithoutPort(entry));
    if (!address.has_value()) break;
    source.address_ = address;
    if (!proxies.Contains(*address)) break;
    forwarded_for = forwarded_for.substr(0, begin == 0 ? 0 : comma);
  }
  return source;
}

std::string Source::text() const { return address_.has_value() ? address_->text() : "local"; }

std::string Source::key() const { return address_.has_value() ? address_->key() : "local"; }

std::string ClientKeyOf(const CallContext& call) {
  if (call.source != kInternalSource) return call.source;
  const std::optional<IpAddress> address = IpAddress::Parse(call.peer);
  return address.has_value() ? address->key() : call.peer;
}

}  // namespace usher::rpc
