metadata name = 'Private endpoint'
metadata description = 'An address in our network for one part of a service, and its name in the private zone.'

import { tagSet } from '../types.bicep'

@description('Required. Name of what it leads to.')
param targetName string

@description('Required. Resource id of what it leads to.')
param targetId string

@description('Required. Part of the service, as Private Link names it.')
param groupId string

@description('Required. Subnet.')
param subnetId string

@description('Required. Private DNS zones that get the name.')
@minLength(1)
param zoneIds string[]

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

resource endpoint 'Microsoft.Network/privateEndpoints@2025-07-01' = {
  name: 'pe-${targetName}-${groupId}'
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    customNetworkInterfaceName: 'nic-${targetName}-${groupId}'
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: { privateLinkServiceId: targetId, groupIds: [groupId] }
      }
    ]
  }
}

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-07-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      for (zone, i) in zoneIds: {
        name: replace(last(split(zone, '/')), '.', '-')
        properties: { privateDnsZoneId: zoneIds[i] }
      }
    ]
  }
}
