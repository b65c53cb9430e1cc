metadata name = 'Network'
metadata description = 'One virtual network: a subnet for each app, one for private endpoints; the private DNS zones; a fixed address towards vendors.'

import { privateMonitorZoneNames, privateZoneNames, tagSet } from '../types.bicep'

@description('Required. Name of the virtual network.')
param name string

@description('Required. What other names end with.')
param prefix string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Address range, /24 or larger; the subnets are cut from it.')
param addressPrefix string

@description('Required. Where diagnostics go.')
param workspaceId string

@description('What the agents may not reach: ports that nobody collects from, and that a stolen process would use.')
var closedPorts = ['25', '3389']

@description('Names of all private DNS zones.')
var zoneNames = concat(map(items(privateZoneNames()), z => z.value), privateMonitorZoneNames())

// Vendors allow-list addresses, so the apps leave by one that stays; a subnet without its own way out has none.
resource address 'Microsoft.Network/publicIPAddresses@2025-07-01' = {
  name: 'pip-${prefix}-egress'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  zones: ['1', '2', '3']
  properties: { publicIPAllocationMethod: 'Static', publicIPAddressVersion: 'IPv4' }
}

resource egress 'Microsoft.Network/natGateways@2025-07-01' = {
  name: 'ng-${prefix}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    idleTimeoutInMinutes: 10
    publicIpAddresses: [{ id: address.id }]
  }
}

resource agentsRules 'Microsoft.Network/networkSecurityGroups@2025-07-01' = {
  name: 'nsg-${prefix}-agents'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'DenyUnusedPortsOutbound'
        properties: {
          description: 'Mail and remote desktops are no sources.'
          priority: 100
          direction: 'Outbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRanges: closedPorts
        }
      }
      {
        name: 'DenyAllInbound'
        properties: {
          description: 'The subnet is for what goes out; requests come through private endpoints.'
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource orchestratorsRules 'Microsoft.Network/networkSecurityGroups@2025-07-01' = {
  name: 'nsg-${prefix}-orchestrators'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'AllowAzureOutbound'
        properties: {
          description: 'The platform of the app itself.'
          priority: 100
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'AzureCloud'
          destinationPortRange: '443'
        }
      }
      {
        name: 'DenyInternetOutbound'
        properties: {
          description: 'Managers move references and talk to no vendor.'
          priority: 200
          direction: 'Outbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRange: '*'
        }
      }
      {
        name: 'DenyAllInbound'
        properties: {
          description: 'The subnet is for what goes out; requests come through private endpoints.'
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource endpointsRules 'Microsoft.Network/networkSecurityGroups@2025-07-01' = {
  name: 'nsg-${prefix}-endpoints'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'AllowServicesInbound'
        properties: {
          description: 'HTTPS, and Event Hubs over AMQP and Kafka, from this network and those that are joined to it.'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: 'VirtualNetwork'
          destinationPortRanges: ['443', '5671', '9093']
        }
      }
      {
        name: 'DenyAllInbound'
        properties: {
          description: 'Nothing else.'
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    // A quarter of a /24 each: both stamps of an app share a subnet, and Flex Consumption asks for a /27 at least.
    subnets: [
      {
        name: 'agents'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
          networkSecurityGroup: { id: agentsRules.id }
          natGateway: { id: egress.id }
          defaultOutboundAccess: false
        }
      }
      {
        name: 'orchestrators'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
          networkSecurityGroup: { id: orchestratorsRules.id }
          natGateway: { id: egress.id }
          defaultOutboundAccess: false
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 2)
          networkSecurityGroup: { id: endpointsRules.id }
          privateEndpointNetworkPolicies: 'Enabled'
          defaultOutboundAccess: false
        }
      }
    ]
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in zoneNames: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in zoneNames: {
    parent: zones[i]
    name: name
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
]

resource networkDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: network
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource addressDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: address
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource agentsRulesDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: agentsRules
  properties: { workspaceId: workspaceId, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
}

resource orchestratorsRulesDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: orchestratorsRules
  properties: { workspaceId: workspaceId, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
}

resource endpointsRulesDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: endpointsRules
  properties: { workspaceId: workspaceId, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
}

@description('The address that vendors see.')
output egressAddress string = address.properties.ipAddress
