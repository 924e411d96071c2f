// Where a call comes from: the address that it counts for.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/call_context.h"

namespace usher::rpc {

// An IP address, an IPv4 one in its IPv4-mapped form (RFC 4291, 2.5.5.2), so that ::ffff:192.0.2.1
// and 192.0.2.1 are one. A value.
class IpAddress {
 public:
  // "192.0.2.1", "2001:db8::1"; nothing else: no port, no brackets, no zone.
  static std::optional<IpAddress> Parse(absl::string_view text);
  // Of a socket's peer; nothing where that is none of IP.
  static std::optional<IpAddress> Of(const sockaddr_storage& name);

  // As people write it: dotted, or after RFC 5952.
  std::string text() const;
  // For counting: "192.0.2.1", or the /64 that one IPv6 host has at least (RFC 6177):
  // "2001:db8::/64".
  std::string key() const;
  bool IsV4() const;
  // With all but the first `bits` of its 128 (an IPv4 one's begin at the 97th) set to zero.
  IpAddress Prefix(int bits) const;

  friend bool operator==(const IpAddress& a, const IpAddress& b) { return a.bytes_ == b.bytes_; }

 private:
  std::array<uint8_t, 16> bytes_{};  // network order
};

// The proxies whose word about their clients counts. Immutable, thread-safe.
class TrustedProxies {
 public:
  // Nobody.
  TrustedProxies() = default;
  // "10.0.0.0/8,2001:db8::/32,192.0.2.7,unix": networks in CIDR notation (RFC 4632), single
  // addresses, and "unix" for whoever connects through a Unix socket. kInvalidArgument with one
  // line about the part that is none, or whose host bits are not zero.
  static absl::StatusOr<TrustedProxies> Parse(absl::string_view list);

  bool Contains(const IpAddress& address) const;
  bool trusts_unix() const { return trusts_unix_; }
  bool empty() const { return networks_.empty() && !trusts_unix_; }

 private:
  struct Network {
    IpAddress first;
    int bits;  // of 128
  };
  std::vector<Network> networks_;
  bool trusts_unix_ = false;
};

// In place of Source::key, for what another service asks for: no address.
inline constexpr char kInternalSource[] = "/internal";

// The address that a call counts for. A value.
class Source {
 public:
  Source() = default;

  // `peer` as gRPC says it: "ipv4:127.0.0.1:40000", "ipv6:%5B::1%5D:40000", "unix:". Where that is
  // a trusted proxy, the client that it speaks for: the last entry of `forwarded_for`, the values
  // of all headers x-forwarded-for in their order joined by commas, that is not a trusted proxy
  // itself; entries before it are whatever the client wrote. An entry that is no address ends the
  // search: then the call counts for the proxy that wrote it. Takes any bytes.
  static Source Of(absl::string_view peer, absl::string_view forwarded_for,
                   const TrustedProxies& proxies);

  // For log and audit: "192.0.2.1", "2001:db8::1", or "local" for a Unix socket.
  std::string text() const;
  // For counting: IpAddress::key, or "local".
  std::string key() const;

 private:
  std::optional<IpAddress> address_;  // nothing: a Unix socket
};

// Who a call counts for in the end, as Source::key: where another service asks for a client, the
// one whose address it names (CallContext::peer). What is no address counts as it is written.
std::string ClientKeyOf(const CallContext& call);

}  // namespace usher::rpc
