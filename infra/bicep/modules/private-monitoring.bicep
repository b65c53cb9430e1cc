metadata name = 'Private monitoring'
metadata description = 'Telemetry goes to Azure Monitor through a private endpoint; people query from where they are.'

import { privateLink, tagSet } from '../types.bicep'

@description('Required. What names end with.')
param prefix string

@description('Required. Region of the private endpoint.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. The workspace.')
param workspaceId string

@description('Required. The Application Insights component.')
param componentId string

@description('Required. Where private endpoints go.')
param link privateLink

resource linkScope 'Microsoft.Insights/privateLinkScopes@2021-09-01' = {
  name: 'ampls-${prefix}'
  location: 'global'
  tags: tags
  properties: { accessModeSettings: { ingestionAccessMode: 'PrivateOnly', queryAccessMode: 'Open' } }

  resource workspace 'scopedResources' = {
    name: 'workspace'
    properties: { linkedResourceId: workspaceId }
  }

  resource component 'scopedResources' = {
    name: 'component'
    properties: { linkedResourceId: componentId }
  }
}

module endpoint 'private-endpoint.bicep' = {
  params: {
    targetName: linkScope.name
    targetId: linkScope.id
    groupId: 'azuremonitor'
    subnetId: link.subnetId
    zoneIds: concat(link.zones.monitor, [link.zones.blob])
    location: location
    tags: tags
  }
  dependsOn: [linkScope::workspace, linkScope::component]
}
