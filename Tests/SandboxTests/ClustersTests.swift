import Foundation
import Testing

@testable import Sandbox

struct ClustersTests {
  private let service = Service()

  private func list(_ key: String) throws -> [ListedCluster] {
    let answer = service.clusters(key)
    #expect(answer.status == 200)
    #expect(answer[header: "content-type"] == "application/json")
    return try answer.decoded()
  }

  @Test func sandboxListsTheSixDocumentedClusters() throws {
    let clusters = try list("sandbox")
    #expect(
      clusters.map(\.clusterId)
        == ["cl0-global", "cl1-eu", "cl1-na", "cl2-es", "cl2-us", "cl2-de"])
    let primary = "https://gateway.pinarkive.com/ipfs/"
    #expect(
      clusters.first?.gateways?.first
        == ListedGateway(publicUrl: primary, url: primary, label: "Primary", order: 0))
    let gateways = clusters.flatMap { $0.gateways ?? [] }
    #expect(gateways.allSatisfy { ($0.publicUrl ?? $0.url)?.hasSuffix("/ipfs/") == true })
    #expect(gateways.contains { $0.publicUrl == "https://ipfs.io/ipfs/" && ($0.order ?? 0) > 0 })
    #expect(
      gateways.contains { gateway in
        gateway.publicUrl == nil && gateway.url?.hasPrefix("http://") == true
          && gateway.url?.hasSuffix(":9094/ipfs/") == true
      })
    #expect(gateways.contains { $0.publicUrl != nil && $0.publicUrl != $0.url })
  }

  @Test func sandboxListsSomeGatewaysOutOfOrder() throws {
    let unsorted = try list("sandbox").filter { cluster in
      let orders = cluster.gateways?.compactMap(\.order) ?? []
      return orders != orders.sorted()
    }
    #expect(unsorted.map(\.clusterId) == ["cl1-eu", "cl2-us"])
  }

  @Test func noClustersIsAnEmptyArray() {
    #expect(service.clusters("sandbox-no-clusters").text == "[]")
  }

  @Test func noGatewaysComesAsEmptyAndAsMissing() throws {
    let clusters = try list("sandbox-no-gateways")
    #expect(clusters.map(\.clusterId) == ["cl0-global", "cl1-eu"])
    #expect(clusters.map(\.gateways) == [[], nil])
  }

  @Test func otherShapeHasIdsInsteadOfClusterIds() throws {
    let clusters = try list("sandbox-other-shape")
    #expect(clusters.allSatisfy { $0.id != nil && $0.clusterId == nil && $0.gateways == nil })
    #expect(
      clusters.contains(
        ListedCluster(id: "cl2-de", label: "Germany", region: "eu", country: "DE")))
    #expect(clusters.contains(ListedCluster(id: "cl2-us")))
  }

  @Test func unknownMembersSurroundTheKnownOnes() throws {
    let base = "https://gateway.pinarkive.com/ipfs/"
    let gateway = ListedGateway(publicUrl: base, url: base, label: "Primary", order: 0)
    #expect(
      try list("sandbox-unknown-members")
        == [ListedCluster(clusterId: "cl0-global", gateways: [gateway])])
    let body = service.clusters("sandbox-unknown-members").body
    let clusters = try #require(JSONSerialization.jsonObject(with: body) as? [[String: Any]])
    let gateways = try #require(clusters.first?["gateways"] as? [[String: Any]])
    #expect(clusters.first?.keys.contains("status") == true)
    #expect(gateways.first?.keys.contains("weight") == true)
  }

  @Test func unicodeComesRawAndEscaped() throws {
    let cluster = try #require(try list("sandbox-unicode").first)
    #expect(cluster.label == "Zürich — 東京 — Ελλάδα 🚀")
    #expect(
      cluster.gateways?.map(\.label) == ["café 🚀", "\"quoted\" \\ / tab\tline\nend"])
    #expect(cluster.gateways?.last?.publicUrl == "https://gateway.pinarkive.com/ipfs/")
    let text = service.clusters("sandbox-unicode").text
    #expect(text.contains(#"caf\u00e9 \ud83d\ude80"#))
    #expect(text.contains("Zürich"))
  }

  @Test func orderHasTiesAndExtremes() throws {
    let gateways = try #require(try list("sandbox-order").first?.gateways)
    #expect(gateways.map(\.order) == [.max, 5, -1, 5, 0, nil, .min])
    #expect(
      gateways.map(\.label)
        == ["largest", "tie 1", "negative", "tie 2", "zero", "missing", "smallest"])
  }

  @Test func noSlashEndsInIpfs() throws {
    let gateways = try #require(try list("sandbox-no-slash").first?.gateways)
    #expect(gateways.count == 2)
    #expect(gateways.allSatisfy { ($0.publicUrl ?? $0.url)?.hasSuffix("/ipfs") == true })
  }

  @Test func nullMembersAreThereAndNull() throws {
    let gateways = try #require(try list("sandbox-null-members").first?.gateways)
    #expect(gateways.map(\.publicUrl) == [nil, "https://ipfs.io/ipfs/"])
    #expect(gateways.map(\.url) == ["https://gateway.pinarkive.com/ipfs/", nil])
    #expect(gateways.map(\.label) == [nil, "Public fallback"])
    let text = service.clusters("sandbox-null-members").text
    for member in ["publicUrl", "url", "label"] {
      #expect(text.contains("\"\(member)\":null"))
    }
  }

  @Test func generatedHasTheSizeThatWasAskedFor() throws {
    let list = ClusterList.generated(clusters: 7, gateways: 3)
    let clusters = try JSONDecoder().decode([ListedCluster].self, from: list.body)
    #expect(clusters.count == 7)
    #expect(Set(clusters.map(\.clusterId)).count == 7)
    #expect(clusters.allSatisfy { $0.gateways?.map(\.order) == [0, 1, 2] })
    #expect(ClusterList.generated(clusters: 0, gateways: 5).body == Data("[]".utf8))
  }

  @Test func aListGivenToTheTableReplacesOnlyTheDocumentedOne() throws {
    let list = ClusterList.generated(clusters: 2, gateways: 1)
    let service = Service(accounts: Account.table(listing: list))
    #expect(service.clusters("sandbox").body == list.body)
    #expect(service.clusters("sandbox-no-clusters").text == "[]")
  }

  @Test func findsAClusterByEitherId() {
    #expect(ClusterList.documented.first(withID: "cl2-us")?["clusterId"]?.text == "cl2-us")
    #expect(ClusterList.otherShape.first(withID: "cl2-us")?["id"]?.text == "cl2-us")
    #expect(ClusterList.documented.first(withID: "cl9") == nil)
  }
}
